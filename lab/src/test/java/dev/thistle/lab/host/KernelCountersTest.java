package dev.thistle.lab.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class KernelCountersTest {

    /// As Linux 6 writes it, other protocols left out.
    private static final List<String> SNMP =
            List.of(
                    "Ip: Forwarding DefaultTTL",
                    "Ip: 2 64",
                    "Tcp: RtoAlgorithm RtoMin RtoMax MaxConn ActiveOpens PassiveOpens AttemptFails"
                            + " EstabResets CurrEstab InSegs OutSegs RetransSegs InErrs OutRsts"
                            + " InCsumErrors",
                    "Tcp: 1 200 120000 -1 10 11 12 13 14 15 16 17 18 19 20");

    @Test
    void a_number_stands_under_its_name() throws IOException {
        assertThat(KernelCounters.parse(SNMP)).isEqualTo(new KernelCounters(19));
    }

    @Test
    void a_kernel_that_says_something_else_is_told_by_one_line() {
        assertThatThrownBy(() -> KernelCounters.parse(SNMP.subList(0, 2)))
                .isInstanceOf(IOException.class)
                .hasMessage("/proc/thread-self/net/snmp: no Tcp OutRsts in it");
    }
}
