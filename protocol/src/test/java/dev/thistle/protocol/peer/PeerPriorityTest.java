package dev.thistle.protocol.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.protocol.PeerAddress;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

class PeerPriorityTest {

    static Stream<JsonNode> vectors() {
        return PeerRules.vectors("bep40_priority");
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void both_ends_compute_the_priority_of_the_vectors(JsonNode vector) {
        PeerAddress a = PeerRules.address(vector.get("a").asString(), vector.get("a_port").asInt());
        PeerAddress b = PeerRules.address(vector.get("b").asString(), vector.get("b_port").asInt());
        long expected = Long.parseLong(vector.get("priority").asString(), 16);
        assertThat(PeerPriority.between(a, b)).isEqualTo(expected);
        assertThat(PeerPriority.between(b, a)).isEqualTo(expected);
    }

    @Test
    void there_is_none_between_address_families() {
        assertThatThrownBy(() ->
                        PeerPriority.between(
                                PeerRules.address("192.0.2.1", 1),
                                PeerRules.address("2001:db8::1", 1)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
