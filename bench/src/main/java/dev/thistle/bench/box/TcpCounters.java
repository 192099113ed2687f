package dev.thistle.bench.box;

import java.io.IOException;
import java.util.List;

/// What a kernel counts of TCP: `/proc/net/snmp`, with the names of RFC 4022.
final class TcpCounters {

    private TcpCounters() {}

    /// One number out of the pair of lines after `Tcp:`, names first.
    ///
    /// @throws IOException if there is no such number
    static long read(List<String> snmp, String name) throws IOException {
        List<List<String>> tcp =
                snmp.stream()
                        .filter(line -> line.startsWith("Tcp: "))
                        .map(line -> List.of(line.split(" ", -1)))
                        .toList();
        int column = tcp.size() == 2 ? tcp.getFirst().indexOf(name) : -1;
        if (column < 0 || column >= tcp.getLast().size()) {
            throw new IOException("the kernel's TCP counters: no %s in them".formatted(name));
        }
        return Long.parseLong(tcp.getLast().get(column));
    }
}
