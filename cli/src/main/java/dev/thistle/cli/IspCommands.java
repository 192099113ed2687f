package dev.thistle.cli;

import dev.thistle.isp.packet.Subnet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `thistle isp`: what a network that looks for BitTorrent sees.
@Command(
        name = "isp",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "What a network that looks for BitTorrent sees.",
        footer = {"", "Example: thistle isp scan capture.pcapng"})
final class IspCommands {

    private final Console console;

    IspCommands(Console console) {
        this.console = console;
    }

    @Command(
            mixinStandardHelpOptions = true,
            description = "Run all detectors over a capture, as a box in the network would.",
            footer = {
                "",
                "Examples:",
                "  thistle isp scan capture.pcapng",
                "  thistle isp scan capture.pcap --customer 192.0.2.0/24 --json",
                "Exit code 0 whatever was found, 1 if the capture cannot be read."
            })
    int scan(
            @Parameters(paramLabel = "FILE.pcap[ng]") Path file,
            @Option(
                            names = "--customer",
                            paramLabel = "CIDR",
                            description =
                                    "Whose side is watched, such as 192.0.2.0/24; may be repeated"
                                            + " (default: private addresses).")
                    @Nullable List<Subnet> customers,
            @Option(names = "--json", description = "One JSON document.") boolean json)
            throws IOException {
        return new ScanDisplay(console).scan(file, customers == null ? List.of() : customers, json);
    }
}
