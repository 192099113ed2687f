package dev.thistle.tracker.swarms;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.protocol.PeerAddress;
import dev.thistle.protocol.PeerId;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PeerArrayTest {

    private static final PeerId ID = PeerId.of(new byte[20]);

    private record Row(int flags, int expiry, int key) {}

    static LongStream seeds() {
        return LongStream.range(0, 200);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void it_equals_a_map_under_random_changes(long seed) {
        var random = new Random(seed);
        var array = new PeerArray(6, seed, random.nextBoolean());
        Map<PeerAddress, Row> model = new HashMap<>();
        int addresses = 1 + random.nextInt(60);
        for (int step = 0; step < 600; step++) {
            PeerAddress peer = peer(random, addresses);
            byte[] endpoint = Endpoints.of(peer);
            int row = array.find(endpoint);
            assertThat(row >= 0).isEqualTo(model.containsKey(peer));
            assertThat(array.portsOf(endpoint))
                    .isEqualTo(peer.ip()[0] == 127 ? 0 : portsOf(peer, model));
            var next = new Row(random.nextInt(32), random.nextInt(100), random.nextInt(1, 40));
            boolean keyIsFree =
                    model.values().stream().noneMatch(other -> other.key() == next.key());
            if (random.nextInt(3) == 0) {
                if (row >= 0) {
                    array.remove(row);
                    model.remove(peer);
                }
            } else {
                Row entry = keyIsFree ? next : new Row(next.flags(), next.expiry(), 0);
                if (row >= 0) {
                    array.update(row, entry.flags(), entry.expiry(), entry.key(), ID);
                } else {
                    array.add(endpoint, entry.flags(), entry.expiry(), entry.key(), ID);
                }
                model.put(peer, entry);
            }
            if (random.nextInt(100) == 0) {
                array.shuffle(random);
            }
        }
        assertThat(array.size()).isEqualTo(model.size());
        assertThat(array.seeds()).isEqualTo(count(model, PeerArray.SEED));
        assertThat(array.partials()).isEqualTo(count(model, PeerArray.PARTIAL));
        model.forEach((peer, expected) -> {
            int row = array.find(Endpoints.of(peer));
            assertThat(new Row(array.flags(row), array.expiry(row), array.key(row)))
                    .isEqualTo(expected);
            assertThat(array.endpoint(row)).isEqualTo(Endpoints.of(peer));
            if (expected.key() != 0) {
                assertThat(array.findKey(expected.key())).isEqualTo(row);
            }
        });
        assertThat(array.findKey(99)).isEqualTo(-1);
        assertThat(array.findKey(0)).isEqualTo(-1);
    }

    private static long count(Map<PeerAddress, Row> model, int flag) {
        return model.values().stream().filter(row -> (row.flags() & flag) != 0).count();
    }

    private static int portsOf(PeerAddress peer, Map<PeerAddress, Row> model) {
        return (int)
                model.keySet().stream()
                        .filter(other -> Arrays.equals(other.ip(), peer.ip()))
                        .count();
    }

    private static PeerAddress peer(Random random, int addresses) {
        byte[] ip = {
            (byte) (random.nextInt(5) == 0 ? 127 : 10), 0, 0, (byte) random.nextInt(addresses)
        };
        return PeerAddress.of(ip, 1 + random.nextInt(4));
    }
}
