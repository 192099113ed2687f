package dev.thistle.cli;

import java.io.IOException;
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
        footer = {"", "Examples:", "  thistle lab list", "  thistle lab show isp-vs-bittorrent"})
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
}
