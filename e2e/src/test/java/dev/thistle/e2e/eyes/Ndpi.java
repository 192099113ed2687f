package dev.thistle.e2e.eyes;

import dev.thistle.e2e.lan.Host;
import dev.thistle.e2e.lan.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What nDPI makes of a capture, by its own reader and by looking alone: with `-d` it does not
/// guess from port numbers.
public final class Ndpi {

    /// What it says of connections that it does not know, and what we say of those it leaves out.
    public static final String UNKNOWN = "Unknown";

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Map<Ends, String> protocols = new HashMap<>();

    private Ndpi(List<String> rows) {
        List<String> columns = List.of(rows.getFirst().split(",", -1));
        for (String row : rows.subList(1, rows.size())) {
            String[] fields = row.split(",", -1);
            Ends ends =
                    Ends.of(
                            end(columns, fields, "src_ip", "src_port"),
                            end(columns, fields, "dst_ip", "dst_port"));
            protocols.put(ends, fields[columns.indexOf("ndpi_proto")]);
        }
    }

    private static String end(List<String> columns, String[] fields, String ip, String port) {
        return fields[columns.indexOf(ip)] + ":" + fields[columns.indexOf(port)];
    }

    public static void need() {
        Needs.program("ndpiReader", "libndpi-bin");
    }

    /// Runs it.
    ///
    /// @param home a folder to run it in, which gets its table
    public static Ndpi of(Host host, Path home, Path capture)
            throws IOException, InterruptedException {
        Path table = home.resolve("ndpi.csv");
        List<String> command =
                List.of("ndpiReader", "-d", "-q", "-i", capture.toString(), "-C", table.toString());
        host.start(home, command).awaitSuccess(PATIENCE);
        return new Ndpi(Files.readAllLines(table));
    }

    /// Its name for what is spoken there, such as `BitTorrent`, `HTTP.BitTorrent`, [#UNKNOWN].
    public String protocol(Ends ends) {
        return protocols.getOrDefault(ends, UNKNOWN);
    }
}
