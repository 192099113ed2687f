package dev.thistle.lab.scenario;

import dev.thistle.engine.settings.EncryptionPolicy.Level;
import dev.thistle.isp.policy.Action;
import dev.thistle.lab.scenario.ClientPlan.DropResets;
import dev.thistle.lab.scenario.ClientPlan.PadA;
import dev.thistle.lab.scenario.ClientPlan.Tracker;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/// Clients and ISPs in a few words, for people.
public final class PlanWords {

    private PlanWords() {}

    /// `MSE (RC4, required), BEP 8, resets dropped at both ends`.
    public static String of(ClientPlan client) {
        var words = new ArrayList<String>();
        words.add(encryption(client));
        if (client.padA() != PadA.RANDOM) {
            words.add("shaped PadA (%s)".formatted(TomlTable.written(client.padA())));
        }
        if (client.tracker() == Tracker.OBFUSCATED) {
            words.add("BEP 8");
        }
        switch (client.dropResets()) {
            case NOBODY -> {}
            case CUSTOMERS -> words.add("resets dropped at the customers");
            case BOTH_ENDS -> words.add("resets dropped at both ends");
        }
        return String.join(", ", words);
    }

    private static String encryption(ClientPlan client) {
        String cipher =
                switch (client.cipher()) {
                    case PLAINTEXT -> "payload clear";
                    case RC4 -> "RC4";
                    case ANY -> "any cipher";
                };
        return switch (client.encryption()) {
            case OFF -> "plaintext";
            case ALLOW -> "MSE (%s, allowed)".formatted(cipher);
            case PREFER -> "MSE (%s, preferred)".formatted(cipher);
            case REQUIRE -> "MSE (%s, required)".formatted(cipher);
        };
    }

    /// `MSE+BEP8`, for a narrow column.
    public static String brief(ClientPlan client) {
        var words = new StringBuilder();
        words.append(client.encryption() == Level.OFF ? "plain" : "MSE");
        if (client.padA() != PadA.RANDOM) {
            words.append('+').append(TomlTable.written(client.padA()));
        }
        if (client.tracker() == Tracker.OBFUSCATED) {
            words.append("+BEP8");
        }
        if (client.dropResets() != DropResets.NOBODY) {
            words.append(client.dropResets() == DropResets.BOTH_ENDS ? " drop both" : " drop one");
        }
        return words.toString();
    }

    /// `pattern rule: throttled to 2 Mbit/s a customer`.
    public static String of(IspPlan isp) {
        return words(isp, PlanWords::detector, PlanWords::words, ": ", "; ");
    }

    /// `D-T1 D-H1 throttle`, for a narrow column.
    public static String brief(IspPlan isp) {
        return words(isp, id -> id, PlanWords::brief, " ", " ").replace(",", "");
    }

    /// `D-T1 D-H1`.
    public static String detectors(IspPlan isp) {
        return String.join(" ", isp.detectors());
    }

    /// What a detector looks for.
    ///
    /// @param id as in [dev.thistle.isp.detect.DetectorCatalog]; any other stands for itself
    public static String detector(String id) {
        return switch (id.replaceFirst(":.*", "")) {
            case "D-S1" -> "handshake signature";
            case "D-S3" -> "tracker signature";
            case "D-S9" -> "BEP 8 marker";
            case "D-E1" -> "fully encrypted rule";
            case "D-H1" -> "pattern rule";
            case "D-T1" -> "tracker answers";
            case "D-T4" -> "BEP 8 dictionary";
            default -> id;
        };
    }

    private static String words(
            IspPlan isp,
            UnaryOperator<String> detector,
            Function<Action, String> action,
            String before,
            String between) {
        if (isp.detectors().isEmpty()) {
            return "idle";
        }
        Map<String, String> detectors = new LinkedHashMap<>();
        for (String id : isp.detectors()) {
            Action does = isp.policy().action(id).orElse(new Action.Watch());
            detectors.merge(
                    action.apply(does), detector.apply(id), (one, other) -> one + ", " + other);
        }
        return detectors.entrySet().stream()
                .map(entry -> entry.getValue() + before + entry.getKey())
                .collect(Collectors.joining(between));
    }

    private static String words(Action action) {
        return switch (action) {
            case Action.Watch() -> "watched";
            case Action.Drop() -> "dropped";
            case Action.Reset _ -> "reset at both ends";
            case Action.Throttle(long rate, int _, int _, var scope) ->
                    String.format(
                            Locale.ROOT,
                            "throttled to %s Mbit/s a %s",
                            BigDecimal.valueOf(rate)
                                    .movePointLeft(6)
                                    .stripTrailingZeros()
                                    .toPlainString(),
                            TomlTable.written(scope));
        };
    }

    private static String brief(Action action) {
        return switch (action) {
            case Action.Watch() -> "watch";
            case Action.Drop() -> "drop";
            case Action.Reset _ -> "reset";
            case Action.Throttle _ -> "throttle";
        };
    }
}
