package dev.thistle.cli;

import dev.thistle.lab.scenario.AccessNetwork;
import dev.thistle.lab.scenario.BuiltInScenarios;
import dev.thistle.lab.scenario.PlanWords;
import dev.thistle.lab.scenario.Round;
import dev.thistle.lab.scenario.Scenario;
import dev.thistle.lab.scenario.ScenarioDocument;
import dev.thistle.lab.scenario.SwarmPlan;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// `thistle lab list` and `thistle lab show`: what scenarios there are, and what one does.
final class ScenarioDisplay {

    /// What `list --json` prints.
    record Listing(List<Listed> scenarios) {}

    record Listed(String name, String title, List<String> rounds) {}

    private final Console console;

    ScenarioDisplay(Console console) {
        this.console = console;
    }

    int list(boolean json) throws IOException {
        var listed = new ArrayList<Listed>();
        for (String name : BuiltInScenarios.NAMES) {
            Scenario scenario = BuiltInScenarios.read(name);
            listed.add(
                    new Listed(
                            name,
                            scenario.title(),
                            scenario.rounds().stream().map(Round::id).toList()));
        }
        if (json) {
            Json.print(console, new Listing(listed));
            return 0;
        }
        for (Listed each : listed) {
            console.say(
                    "%s  %s (%s)"
                            .formatted(
                                    each.name(),
                                    each.title(),
                                    Console.count(each.rounds().size(), "round")));
        }
        return 0;
    }

    int show(String what, boolean json) throws IOException {
        Scenario scenario = Scenarios.read(what);
        if (json) {
            Json.print(console, ScenarioDocument.of(scenario));
            return 0;
        }
        console.say("%s: %s".formatted(scenario.name(), scenario.title()));
        print(scenario.swarm(), scenario.quick().swarm());
        print(scenario.network());
        console.say(
                "  beside   %s that have nothing to do with BitTorrent"
                        .formatted(Console.count(scenario.background().customers(), "customer")));
        console.say("  seed     %d, era %s".formatted(scenario.seed(), scenario.era()));
        scenario.rounds().forEach(this::print);
        return 0;
    }

    private void print(SwarmPlan swarm, SwarmPlan quick) {
        console.say(
                "  swarm    %s and %s at the ISP, %s outside"
                        .formatted(
                                Console.count(swarm.seeders(), "seeder"),
                                Console.count(swarm.leechers(), "leecher"),
                                Console.count(swarm.outsideLeechers(), "leecher")));
        console.say(
                "  content  %s within %s s; with --quick %s within %s s"
                        .formatted(
                                Console.bytes(swarm.contentBytes()),
                                seconds(swarm.window()),
                                Console.bytes(quick.contentBytes()),
                                seconds(quick.window())));
    }

    private void print(AccessNetwork network) {
        console.say(
                "  line     %s Mbit/s down, %s up, %s ms delay, %s ms jitter, loss %s"
                        .formatted(
                                number(network.downBitsPerSecond() / 1e6),
                                number(network.upBitsPerSecond() / 1e6),
                                number(network.delay().toNanos() / 1e6),
                                number(network.jitter().toNanos() / 1e6),
                                number(network.lossRate())));
    }

    private void print(Round round) {
        String expected =
                ScenarioDocument.of(round.expected()).entrySet().stream()
                        .map(each -> "%s %s".formatted(each.getKey(), each.getValue()))
                        .collect(Collectors.joining(", "));
        console.say("");
        console.say("  %s".formatted(round.id()));
        console.say("    claim    %s".formatted(round.claim()));
        console.say("    client   %s".formatted(PlanWords.of(round.client())));
        String detectors = PlanWords.detectors(round.isp());
        console.say(
                "    isp      %s%s"
                        .formatted(
                                PlanWords.of(round.isp()),
                                detectors.isEmpty() ? "" : " (%s)".formatted(detectors)));
        console.say("    expects  %s".formatted(expected.isEmpty() ? "nothing" : expected));
    }

    private static String seconds(Duration duration) {
        return number(duration.toNanos() / 1e9);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.4f", value).replaceFirst("\\.?0+$", "");
    }
}
