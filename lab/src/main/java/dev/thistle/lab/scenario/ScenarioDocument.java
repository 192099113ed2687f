package dev.thistle.lab.scenario;

import dev.thistle.isp.detect.ArticlePattern;
import dev.thistle.isp.policy.Action;
import dev.thistle.isp.policy.Policy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/// Scenarios and their parts as JSON documents show them: maps in reading order, numbers in the
/// units that their keys name.
public final class ScenarioDocument {

    private ScenarioDocument() {}

    /// Everything that decides what a run does.
    public static Map<String, Object> of(Scenario scenario) {
        var document = new LinkedHashMap<String, Object>();
        document.put("scenario", scenario.name());
        document.put("title", scenario.title());
        document.put("seed", scenario.seed());
        document.put("era", scenario.era());
        document.put("network", network(scenario.network()));
        document.put("swarm", swarm(scenario.swarm()));
        document.put("background", background(scenario.background()));
        document.put("rounds", scenario.rounds().stream().map(ScenarioDocument::round).toList());
        return document;
    }

    private static Map<String, Object> network(AccessNetwork network) {
        var document = new LinkedHashMap<String, Object>();
        document.put("downMbps", network.downBitsPerSecond() / 1e6);
        document.put("upMbps", network.upBitsPerSecond() / 1e6);
        document.put("delayMillis", network.delay().toNanos() / 1e6);
        document.put("jitterMillis", network.jitter().toNanos() / 1e6);
        document.put("lossRate", network.lossRate());
        document.put("mtuBytes", network.mtuBytes());
        return document;
    }

    private static Map<String, Object> swarm(SwarmPlan swarm) {
        var document = new LinkedHashMap<String, Object>();
        document.put("contentBytes", swarm.contentBytes());
        document.put("pieceBytes", swarm.pieceBytes());
        document.put("seeders", swarm.seeders());
        document.put("leechers", swarm.leechers());
        document.put("outsideLeechers", swarm.outsideLeechers());
        document.put("windowSeconds", swarm.window().toNanos() / 1e9);
        return document;
    }

    private static Map<String, Object> background(Background background) {
        var document = new LinkedHashMap<String, Object>();
        document.put("browsers", background.browsers());
        document.put("backups", background.backups());
        document.put("downloads", background.downloads());
        document.put("resolvers", background.resolvers());
        document.put("homeServers", background.homeServers());
        return document;
    }

    private static Map<String, Object> round(Round round) {
        var document = new LinkedHashMap<String, Object>();
        document.put("id", round.id());
        document.put("claim", round.claim());
        document.put("client", of(round.client()));
        document.put("isp", of(round.isp()));
        document.put("expected", of(round.expected()));
        return document;
    }

    public static Map<String, Object> of(ClientPlan client) {
        var document = new LinkedHashMap<String, Object>();
        document.put("encryption", TomlTable.written(client.encryption()));
        document.put("cipher", TomlTable.written(client.cipher()));
        document.put("padA", TomlTable.written(client.padA()));
        document.put("tracker", TomlTable.written(client.tracker()));
        document.put("dropResets", TomlTable.written(client.dropResets()));
        return document;
    }

    public static Map<String, Object> of(IspPlan isp) {
        var document = new LinkedHashMap<String, Object>();
        document.put("detectors", isp.detectors());
        if (isp.detectors().contains(ArticlePattern.ID)) {
            document.put("pattern", pattern(isp.pattern()));
        }
        var policy = new ArrayList<Map<String, Object>>();
        isp.policy().rules().forEach(rule -> policy.add(rule(rule)));
        document.put("policy", List.copyOf(policy));
        document.put("knowsInfoHash", isp.knowsInfoHash());
        return document;
    }

    private static Map<String, Object> pattern(ArticlePattern.Rule pattern) {
        var document = new LinkedHashMap<String, Object>();
        document.put("windowSeconds", pattern.window().toNanos() / 1e9);
        document.put("remotes", pattern.remotes());
        pattern.uploadBytes().ifPresent(bytes -> document.put("uploadBytes", bytes));
        document.put("uploadShare", pattern.uploadShare());
        document.put("lifeSeconds", pattern.life().toNanos() / 1e9);
        document.put("onlyUnusualPorts", pattern.onlyUnusualPorts());
        return document;
    }

    private static Map<String, Object> rule(Policy.Rule rule) {
        var document = new LinkedHashMap<String, Object>();
        document.put("on", rule.detector());
        switch (rule.action()) {
            case Action.Watch() -> document.put("do", "watch");
            case Action.Drop() -> document.put("do", "drop");
            case Action.Reset(int copies, var lag) -> {
                document.put("do", "reset");
                document.put("copies", copies);
                document.put("lagMillis", lag.toNanos() / 1e6);
            }
            case Action.Throttle(long rate, int burst, int queue, var scope) -> {
                document.put("do", "throttle");
                document.put("rateMbps", rate / 1e6);
                document.put("burstBytes", burst);
                document.put("queueBytes", queue);
                document.put("scope", TomlTable.written(scope));
            }
        }
        return document;
    }

    /// Only what is judged.
    public static Map<String, Object> of(Expectation expected) {
        var document = new LinkedHashMap<String, Object>();
        put(document, "goodputRatioMin", expected.goodputRatioMin());
        put(document, "goodputRatioMax", expected.goodputRatioMax());
        put(document, "identifiedShareMin", expected.identifiedShareMin());
        put(document, "identifiedShareMax", expected.identifiedShareMax());
        put(document, "customersIdentifiedMin", expected.customersIdentifiedMin());
        put(document, "customersIdentifiedMax", expected.customersIdentifiedMax());
        put(document, "falsePositivesMax", expected.falsePositivesMax());
        put(document, "resetsInjectedMin", expected.resetsInjectedMin());
        put(document, "resetsInjectedMax", expected.resetsInjectedMax());
        put(document, "connectionsKilledMin", expected.connectionsKilledMin());
        put(document, "connectionsKilledMax", expected.connectionsKilledMax());
        put(document, "throttledFlowsMin", expected.throttledFlowsMin());
        put(document, "throttledFlowsMax", expected.throttledFlowsMax());
        return document;
    }

    private static void put(Map<String, Object> document, String key, OptionalDouble value) {
        value.ifPresent(number -> document.put(key, number));
    }

    private static void put(Map<String, Object> document, String key, OptionalInt value) {
        value.ifPresent(number -> document.put(key, number));
    }
}
