package dev.thistle.lab.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What a host's kernel has counted since the host was made (RFC 4022, `tcp` group).
///
/// @param resetsSent segments with RST that it sent itself: not those that somebody forged
public record KernelCounters(long resetsSent) {

    /// Of the namespace of the calling thread. `/proc/net` would show that of the thread the
    /// program began with.
    private static final Path SNMP = Path.of("/proc/thread-self/net/snmp");

    static KernelCounters read() throws IOException {
        return parse(Files.readAllLines(SNMP));
    }

    /// Pairs of lines: names, then numbers, both after `Tcp:`.
    static KernelCounters parse(List<String> snmp) throws IOException {
        List<String[]> tcp =
                snmp.stream()
                        .filter(line -> line.startsWith("Tcp: "))
                        .map(line -> line.split(" ", -1))
                        .toList();
        if (tcp.size() == 2) {
            int index = List.of(tcp.getFirst()).indexOf("OutRsts");
            if (index > 0 && index < tcp.getLast().length) {
                return new KernelCounters(Long.parseLong(tcp.getLast()[index]));
            }
        }
        throw new IOException(SNMP + ": no Tcp OutRsts in it");
    }
}
