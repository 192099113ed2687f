package dev.thistle.lab.scenario;

import dev.thistle.isp.detect.ArticlePattern;
import dev.thistle.isp.detect.DetectorCatalog;
import dev.thistle.isp.policy.Action;
import dev.thistle.isp.policy.Policy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// From a table `[isp.NAME]` to an [IspPlan].
final class IspReader {

    private static final int MAX_RULES = 50;

    /// The words for actions in files.
    private enum Do {
        WATCH,
        THROTTLE,
        RESET,
        DROP
    }

    private final TomlTable table;

    IspReader(TomlTable table) {
        this.table = table;
    }

    IspPlan read() throws ScenarioException {
        table.only("detectors", "pattern", "policy", "knows-info-hash");
        List<String> detectors = table.texts("detectors", DetectorCatalog.ids());
        if (table.has("pattern") && !detectors.contains(ArticlePattern.ID)) {
            throw table.mistake(
                    "pattern",
                    "parameters of " + ArticlePattern.ID,
                    "only where that is a detector");
        }
        ArticlePattern.Rule pattern =
                table.has("pattern")
                        ? pattern(table.table("pattern"))
                        : ArticlePattern.Rule.DEFAULT;
        return new IspPlan(
                detectors, pattern, policy(detectors), table.isTrue("knows-info-hash", false));
    }

    private static ArticlePattern.Rule pattern(TomlTable table) throws ScenarioException {
        table.only("window", "remotes", "upload", "upload-share", "life", "only-unusual-ports");
        ArticlePattern.Rule usual = ArticlePattern.Rule.DEFAULT;
        Duration second = Duration.ofSeconds(1);
        Duration day = Duration.ofDays(1);
        return new ArticlePattern.Rule(
                table.duration("window", second, day, usual.window()),
                table.count("remotes", 1, 10_000, usual.remotes()),
                table.has("upload")
                        ? OptionalLong.of(table.bytes("upload", 0, 1L << 40))
                        : usual.uploadBytes(),
                table.share("upload-share", 1, usual.uploadShare()),
                table.duration("life", second, day, usual.life()),
                table.isTrue("only-unusual-ports", usual.onlyUnusualPorts()));
    }

    private Policy policy(List<String> detectors) throws ScenarioException {
        var rules = new ArrayList<Policy.Rule>();
        for (TomlTable rule : table.tables("policy", MAX_RULES)) {
            rules.add(new Policy.Rule(on(rule, detectors), action(rule)));
        }
        return new Policy(rules);
    }

    /// A detector of this ISP, or all dialects of one.
    private static String on(TomlTable rule, List<String> detectors) throws ScenarioException {
        List<String> allowed =
                detectors.stream()
                        .flatMap(id -> Stream.of(id, id.replaceFirst(":.*", "")))
                        .distinct()
                        .toList();
        String form = allowed.isEmpty() ? "none without detectors" : String.join(" ", allowed);
        String found = rule.text("on", Pattern.compile(".*"), form);
        if (!allowed.contains(found)) {
            throw rule.mistake("on", "'%s'".formatted(found), form);
        }
        return found;
    }

    private static Action action(TomlTable rule) throws ScenarioException {
        return switch (rule.choice("do", Do.class, null)) {
            case WATCH -> {
                rule.only("on", "do");
                yield new Action.Watch();
            }
            case DROP -> {
                rule.only("on", "do");
                yield new Action.Drop();
            }
            case RESET -> {
                rule.only("on", "do", "copies", "lag");
                yield new Action.Reset(
                        rule.count("copies", 1, 5, 1),
                        rule.duration("lag", Duration.ZERO, Duration.ofMillis(50), Duration.ZERO));
            }
            case THROTTLE -> {
                rule.only("on", "do", "rate", "burst", "queue", "scope");
                yield new Action.Throttle(
                        rule.rate("rate", 8_000, 10_000_000_000L),
                        (int) rule.bytes("burst", 1500, 64 << 20, 32 << 10),
                        (int) rule.bytes("queue", 1500, 64 << 20, 64 << 10),
                        rule.choice("scope", Action.Scope.class, Action.Scope.FLOW));
            }
        };
    }
}
