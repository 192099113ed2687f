package dev.thistle.tracker.swarms;

import static dev.thistle.tracker.swarms.Announces.TORRENT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.protocol.PeerAddress;
import dev.thistle.protocol.bencode.ByteString;
import dev.thistle.protocol.tracker.AddressCipher;
import dev.thistle.protocol.tracker.ObfuscatedPeers;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SealedListTest {

    private static final ByteString IV = ByteString.of(new byte[] {1, 2, 3});

    static LongStream seeds() {
        return LongStream.range(0, 100);
    }

    /// The model: a plain list that is appended to, and whose last entry fills gaps.
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void however_peers_come_and_go_the_list_decrypts_to_the_plain_one(long seed) {
        var random = new Random(seed);
        int entryBytes = random.nextBoolean() ? 6 : 18;
        var list = new SealedList(TORRENT, entryBytes, IV, seed);
        var plain = new ArrayList<PeerAddress>();
        for (int step = 0; step < 400; step++) {
            PeerAddress peer = peer(random.nextInt(80), entryBytes);
            if (random.nextInt(5) < 3) {
                list.join(Endpoints.of(peer));
                if (!plain.contains(peer)) {
                    plain.add(peer);
                }
            } else {
                list.leave(Endpoints.of(peer));
                int at = plain.indexOf(peer);
                if (at >= 0) {
                    plain.set(at, plain.getLast());
                    plain.removeLast();
                }
            }
            assertThat(list.size()).isEqualTo(plain.size());
        }
        assertThat(IntStream.range(0, list.size()).mapToObj(list::plain).toList())
                .usingRecursiveFieldByFieldElementComparator()
                .isEqualTo(plain.stream().map(Endpoints::of).toList());
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void every_window_decodes_the_same_with_both_readings_of_n_and_never_names_the_asker(
            long seed) {
        var random = new Random(seed);
        int entryBytes = random.nextBoolean() ? 6 : 18;
        int count = 1 + random.nextInt(40);
        int size = 2 * count + 1 + random.nextInt(200);
        var list = new SealedList(TORRENT, entryBytes, IV, seed);
        var plain = new ArrayList<PeerAddress>();
        for (int k = 0; k < size; k++) {
            plain.add(peer(k, entryBytes));
            list.join(Endpoints.of(plain.getLast()));
        }
        assertThat(list.isRoomy(count)).isTrue();
        for (int round = 0; round < 20; round++) {
            PeerAddress asker = peer(random.nextInt(size + 10), entryBytes);
            ObfuscatedPeers answer = list.window(count, Endpoints.of(asker), random);

            List<PeerAddress> peers = decode(answer, entryBytes, entryBytes);
            assertThat(peers).hasSize(count).doesNotContain(asker).isSubsetOf(plain);
            assertThat(decode(answer, entryBytes, 1)).isEqualTo(peers);
        }
    }

    @Test
    void windows_begin_everywhere() {
        var list = new SealedList(TORRENT, 6, IV, 1);
        for (int k = 0; k < 21; k++) {
            list.join(Endpoints.of(peer(k, 6)));
        }
        var random = new Random(1);
        var first = new HashSet<PeerAddress>();
        for (int round = 0; round < 500; round++) {
            first.add(decode(list.window(5, Endpoints.of(peer(10, 6)), random), 6, 6).getFirst());
        }
        // 0..5 and 11..16: those that end before, or begin behind, the asker at 10.
        assertThat(first).hasSize(12);
    }

    @Test
    void a_full_list_takes_nobody_more() {
        int most = SealedList.maxEntries(18);
        var list = new SealedList(TORRENT, 18, IV, 1);
        for (int k = 0; k < most + 5; k++) {
            list.join(Endpoints.of(peer(k, 18)));
        }
        assertThat(list.size()).isEqualTo(most).isEqualTo(5_555);
        var answer = list.window(200, Endpoints.of(peer(3, 18)), new Random(1));
        assertThat(decode(answer, 18, 18)).isEqualTo(decode(answer, 18, 1));
    }

    /// @param unit bytes that one of `n` counts: an entry, or 1
    private static List<PeerAddress> decode(ObfuscatedPeers answer, int entryBytes, int unit) {
        var cipher = AddressCipher.withIv(TORRENT, answer.iv());
        var window = Objects.requireNonNull(answer.window());
        long i = Integer.toUnsignedLong(window.iWire() ^ cipher.indexMask());
        long n = Integer.toUnsignedLong(window.nWire() ^ cipher.lengthMask());
        assertThat(n).isBetween(1L, (long) ObfuscatedPeers.MAX_LENGTH);
        byte[] bytes = (entryBytes == 6 ? answer.peers() : answer.peers6()).bytes();
        for (int k = 0; k < bytes.length; k++) {
            bytes[k] ^= cipher.at((int) ((i * entryBytes + k) % (n * unit)));
        }
        return Announces.entries(ByteString.of(bytes), entryBytes);
    }

    private static PeerAddress peer(int number, int entryBytes) {
        return entryBytes == 6 ? Announces.v4(number) : Announces.v6(number);
    }
}
