package dev.thistle.protocol.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.protocol.InfoHash;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

class AllowedFastSetTest {

    private static final InfoHash ANY = InfoHash.of(new byte[20]);

    static Stream<JsonNode> vectors() {
        return PeerRules.vectors("bep6_allowed_fast");
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void the_set_is_that_of_the_vectors(JsonNode vector) {
        List<Integer> expected =
                StreamSupport.stream(vector.get("set").spliterator(), false)
                        .map(JsonNode::asInt)
                        .toList();
        assertThat(
                        AllowedFastSet.of(
                                PeerRules.address(vector.get("ip").asString(), 0).ip(),
                                InfoHash.ofHex(vector.get("info_hash").asString()),
                                vector.get("pieces").asInt(),
                                vector.get("k").asInt()))
                .isEqualTo(expected);
    }

    @Test
    void neighbours_in_a_network_get_the_same_set() {
        assertThat(AllowedFastSet.of(new byte[] {80, 4, 4, 1}, ANY, 1313, 10))
                .isEqualTo(AllowedFastSet.of(new byte[] {80, 4, 4, (byte) 200}, ANY, 1313, 10));
    }

    @Test
    void a_small_torrent_is_allowed_as_a_whole() {
        assertThat(AllowedFastSet.of(new byte[] {80, 4, 4, 1}, ANY, 3, 10))
                .containsExactlyInAnyOrder(0, 1, 2);
    }

    @Test
    void there_is_no_set_for_ipv6() {
        assertThatThrownBy(() -> AllowedFastSet.of(new byte[16], ANY, 3, 10))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
