package dev.thistle.e2e.eyes;

import dev.thistle.e2e.lan.Host;
import dev.thistle.e2e.lan.Needs;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/// As much of the document of `thistle isp scan --json` as the tests look at.
///
/// @param flows with a reason to take them for BitTorrent
/// @param endpoints the same of listening ports
/// @param notes what it could not read
public record ThistleScan(List<Flow> flows, List<Endpoint> endpoints, List<String> notes) {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /// A connection and why it was named.
    public record Flow(String client, String server, List<Reason> verdicts) {

        public Ends ends() {
            return Ends.of(client, server);
        }
    }

    /// `ADDRESS:PORT` and why it was named.
    public record Endpoint(String endpoint, List<Reason> verdicts) {}

    /// One detector's opinion.
    public record Reason(String detector, String evidence) {}

    /// Runs our program.
    ///
    /// @param home a folder to run it in, which gets the document
    public static ThistleScan of(Host host, Path home, Path capture)
            throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("sh", "-c", "exec \"$@\" > scan.json", "sh"));
        command.addAll(Needs.launcher());
        command.addAll(List.of("isp", "scan", capture.toString(), "--json"));
        host.start(home, command).awaitSuccess(PATIENCE);
        return JsonMapper.shared().readValue(home.resolve("scan.json"), ThistleScan.class);
    }

    /// All reasons given for connections between these ends; empty if none was named.
    public List<Reason> about(Ends ends) {
        return flows.stream()
                .filter(flow -> flow.ends().equals(ends))
                .flatMap(flow -> flow.verdicts().stream())
                .toList();
    }
}
