package dev.thistle.lab.outcome;

import dev.thistle.lab.outcome.RoundOutcome.Mark;
import dev.thistle.lab.outcome.RoundOutcome.Sample;
import dev.thistle.lab.scenario.Scenario;
import dev.thistle.lab.scenario.ScenarioDocument;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What came out of a run, all rounds together: the source of `summary.json` and of the report.
///
/// @param scenario as it was run
/// @param rounds those that were run, in their order
public record Summary(Scenario scenario, List<RoundOutcome> rounds) {

    public Summary {
        rounds = List.copyOf(rounds);
    }

    /// Whether every round met what it states.
    public boolean holds() {
        return rounds.stream().allMatch(RoundOutcome::holds);
    }

    /// The document of `summary.json`. A number that could not be measured is null.
    public Map<String, @Nullable Object> document() {
        var document = new LinkedHashMap<String, @Nullable Object>();
        document.put("scenario", scenario.name());
        document.put("seed", scenario.seed());
        document.put("era", scenario.era());
        document.put("rounds", rounds.stream().map(Summary::document).toList());
        return document;
    }

    private static Map<String, @Nullable Object> document(RoundOutcome outcome) {
        var document = new LinkedHashMap<String, @Nullable Object>();
        document.put("id", outcome.round().id());
        document.put("claim", outcome.round().claim());
        document.put("client", ScenarioDocument.of(outcome.round().client()));
        document.put("isp", ScenarioDocument.of(outcome.round().isp()));
        document.put("peers", outcome.peers());
        document.put("completed", outcome.completed());
        putNumber(document, "goodputMbps", outcome.goodputBitsPerSecond() / 1e6);
        putNumber(document, "idleGoodputMbps", outcome.idleGoodputBitsPerSecond() / 1e6);
        putNumber(document, "goodputRatio", outcome.goodputRatio());
        document.put("flows", outcome.flows());
        document.put("identified", outcome.identified());
        document.put("announces", outcome.announces());
        document.put("announcesIdentified", outcome.announcesIdentified());
        document.put("falsePositives", outcome.falsePositives());
        document.put("benignFlows", outcome.benignFlows());
        document.put("customersIdentified", outcome.customersIdentified());
        document.put("resetsInjected", outcome.resetsInjected());
        document.put("connectionsKilled", outcome.connectionsKilled());
        document.put("throttledFlows", outcome.throttledFlows());
        document.put("expected", ScenarioDocument.of(outcome.round().expected()));
        document.put("holds", outcome.holds());
        document.put("failures", outcome.failures());
        putNumber(document, "cpuShare", outcome.cpuShare());
        document.put("limitedByCpu", outcome.limitedByCpu());
        document.put("series", series(outcome.series()));
        document.put("idleSeries", series(outcome.idleSeries()));
        document.put("marks", marks(outcome.marks()));
        return document;
    }

    private static List<Object> series(List<Sample> samples) {
        var all = new ArrayList<>();
        for (Sample sample : samples) {
            var document = new LinkedHashMap<String, @Nullable Object>();
            putNumber(document, "seconds", sample.seconds());
            putNumber(document, "mbps", sample.bitsPerSecond() / 1e6);
            document.put("connections", sample.connections());
            all.add(document);
        }
        return all;
    }

    private static List<Object> marks(List<Mark> marks) {
        var all = new ArrayList<>();
        for (Mark mark : marks) {
            var document = new LinkedHashMap<String, @Nullable Object>();
            putNumber(document, "seconds", mark.seconds());
            document.put("kind", mark.kind().name().toLowerCase(Locale.ROOT));
            document.put("what", mark.what());
            all.add(document);
        }
        return all;
    }

    /// To a millionth: more would be noise, and JSON has no word for what is no number.
    private static void putNumber(
            Map<String, @Nullable Object> document, String key, double value) {
        document.put(key, Double.isFinite(value) ? Math.round(value * 1e6) / 1e6 : null);
    }
}
