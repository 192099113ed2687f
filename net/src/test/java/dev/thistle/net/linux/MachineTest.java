package dev.thistle.net.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;

class MachineTest {

    @Test
    void says_yes_where_a_namespace_can_be_made() throws Exception {
        Lab.require();

        assertThat(Machine.look().namespaces()).isEqualTo(new Machine.Namespaces.Allowed());
        assertThat(Machine.look().programs()).contains("ip").isSubsetOf(Machine.PROGRAMS);
    }

    @Test
    void says_no_in_one_sentence_with_a_way_out() {
        assumeTrue(
                Machine.look().namespaces() instanceof Machine.Namespaces.Refused,
                "namespaces are allowed here");

        assertThat(Machine.look().namespaces().toString()).contains("run as root");
    }
}
