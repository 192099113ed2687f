package dev.thistle.cli;

import dev.thistle.lab.scenario.Scenario;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `thistle lab`: the commands of the laboratory. As in [ThistleCommands], the work is done by the
/// class that a method calls.
@Command(
        name = "lab",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "BitTorrent against an ISP that fights it, on real packets.",
        footer = {
            "",
            "Examples:",
            "  thistle lab run isp-vs-bittorrent --quick",
            "  thistle lab list",
            "  thistle lab show isp-vs-bittorrent"
        })
final class LabCommands {

    private static final String SCENARIO = "SCENARIO";
    private static final String SCENARIO_IS = "One that comes with the program, or a TOML file.";

    private final Console console;

    LabCommands(Console console) {
        this.console = console;
    }

    @Command(
            mixinStandardHelpOptions = true,
            description = "List the scenarios that come with the program.",
            footer = {"", "Example: thistle lab list --json"})
    int list(@Option(names = "--json", description = "One JSON document.") boolean json)
            throws IOException {
        return new ScenarioDisplay(console).list(json);
    }

    @Command(
            mixinStandardHelpOptions = true,
            description = "Show what a scenario does: hosts, clients, ISPs, rounds.",
            footer = {
                "",
                "Examples:",
                "  thistle lab show isp-vs-bittorrent",
                "  thistle lab show mine.toml --json"
            })
    int show(
            @Parameters(paramLabel = SCENARIO, description = SCENARIO_IS) String scenario,
            @Option(names = "--json", description = "One JSON document.") boolean json)
            throws IOException {
        return new ScenarioDisplay(console).show(scenario, json);
    }

    @Command(
            mixinStandardHelpOptions = true,
            description = "Play a scenario on real packets and judge every round.",
            footer = {
                "",
                "Examples:",
                "  thistle lab run isp-vs-bittorrent --quick",
                "  thistle lab run isp-vs-bittorrent --round r1-mse --round r1-pattern -o results",
                "Exit code 0 only if every round meets what it states."
            })
    int run(
            @Parameters(paramLabel = SCENARIO, description = SCENARIO_IS) String scenario,
            @Option(
                            names = "-o",
                            paramLabel = "DIR",
                            description = "Where results go (default: lab-results/SCENARIO-DATE).")
                    @Nullable Path target,
            @Option(names = "--quick", description = "Less to exchange, in a quarter of the time.")
                    boolean quick,
            @Option(
                            names = "--seed",
                            paramLabel = "N",
                            description = "Other choices (default: the scenario's seed).")
                    @Nullable Long seed,
            @Option(
                            names = "--round",
                            paramLabel = "ID",
                            description = "Only this one. May be repeated.")
                    @Nullable List<String> rounds,
            @Option(names = "--json", description = "The summary as one JSON document.")
                    boolean json)
            throws IOException, InterruptedException {
        Scenario wanted =
                Scenarios.wanted(
                        Scenarios.read(scenario), quick, Optional.ofNullable(seed), rounds);
        return new LabRun(console).run(wanted, Optional.ofNullable(target), json);
    }
}
