package dev.thistle.tracker.swarms;

import static dev.thistle.tracker.swarms.Announces.TORRENT;
import static dev.thistle.tracker.swarms.Announces.aria2;
import static dev.thistle.tracker.swarms.Announces.hidden;
import static dev.thistle.tracker.swarms.Announces.open;
import static dev.thistle.tracker.swarms.Announces.v4;
import static dev.thistle.tracker.swarms.Announces.v6;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.PeerAddress;
import dev.thistle.protocol.bencode.ByteString;
import dev.thistle.protocol.tracker.AddressCipher;
import dev.thistle.protocol.tracker.ObfuscatedPeers;
import dev.thistle.protocol.tracker.ReceivedAnnounce;
import dev.thistle.protocol.tracker.ShaIh;
import dev.thistle.protocol.tracker.SwarmCounts;
import dev.thistle.tracker.policy.AddressBook;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SwarmsTest {

    private final Swarms swarms = Announces.swarms(Announces.rules(), 7);

    static LongStream seeds() {
        return LongStream.range(0, 60);
    }

    @Test
    void the_asker_is_never_among_its_neighbours() {
        for (int k = 0; k < 30; k++) {
            assertThat(ask(v4(k), open("left=1"), 50)).hasSize(k).doesNotContain(v4(k));
        }
        for (int k = 0; k < 30; k++) {
            assertThat(ask(v4(k), open("left=1"), 50)).hasSize(29).doesNotContain(v4(k));
            assertThat(ask(v4(k), hidden("left=1"), 50)).hasSize(29).doesNotContain(v4(k));
        }
    }

    @Test
    void seeders_are_not_told_of_seeders() {
        ask(v4(1), open("left=0"), 50);
        ask(v4(2), open("left=5"), 50);

        assertThat(ask(v4(3), open("left=0"), 50)).containsExactly(v4(2));
        assertThat(ask(v4(3), hidden("left=0"), 50)).containsExactly(v4(2));
        assertThat(ask(v4(4), open("left=1"), 50)).containsExactlyInAnyOrder(v4(1), v4(2), v4(3));
    }

    /// What aria2 1.36 sent for a magnet link, before it knew how long the torrent is.
    @Test
    void aria2_and_seeders_are_told_of_each_other_although_it_says_that_nothing_is_left() {
        ask(v4(1), open("left=0"), 50);
        var first = aria2("uploaded=0&downloaded=0&left=0&event=started&supportcrypto=1");

        assertThat(ask(v4(2), first, 50)).containsExactly(v4(1));
        assertThat(ask(v4(1), open("left=0"), 50)).containsExactly(v4(2));

        assertThat(ask(v4(2), aria2("downloaded=9&left=0&event=completed"), 50)).isEmpty();
        assertThat(ask(v4(1), open("left=0"), 50)).isEmpty();
    }

    @Test
    void who_requires_encryption_is_told_only_to_those_who_can() {
        ask(v4(1), open("left=1&requirecrypto=1"), 50);

        assertThat(ask(v4(2), open("left=1"), 50)).isEmpty();
        assertThat(ask(v4(3), open("left=1&supportcrypto=1"), 50)).contains(v4(1));
        assertThat(ask(v4(4), hidden("left=1"), 50)).contains(v4(1));
    }

    @Test
    void peers_that_can_encrypt_come_first_for_those_who_asked_under_a_hidden_name() {
        for (int k = 0; k < 40; k++) {
            ask(v4(k), open("left=1" + (k % 4 == 0 ? "&supportcrypto=1" : "")), 0);
        }
        List<PeerAddress> peers = ask(v4(99), hidden("left=1"), 15);

        assertThat(peers).hasSize(15);
        for (int k = 0; k < 40; k += 4) {
            assertThat(peers).contains(v4(k));
        }
    }

    @Test
    void a_large_swarm_answers_hidden_names_from_one_encrypted_list() {
        for (int k = 0; k < 100; k++) {
            ask(v4(k), open("left=1&supportcrypto=1"), 0);
        }
        var first = pick(v4(3), hidden("left=1"), 10, 0);
        var second = pick(v4(4), hidden("left=1"), 10, 100);
        var third = pick(v4(5), hidden("left=1"), 10, 1_800);

        assertThat(first.window()).isNotNull();
        assertThat(second.iv()).isEqualTo(first.iv());
        assertThat(third.iv()).isNotEqualTo(first.iv());
    }

    @Test
    void a_small_swarm_answers_each_hidden_name_with_an_iv_of_its_own_and_without_i_and_n() {
        ask(v4(1), open("left=1"), 0);

        var first = pick(v4(3), hidden("left=1"), 10, 0);
        var second = pick(v4(3), hidden("left=1"), 10, 0);

        assertThat(first.window()).isNull();
        assertThat(first.peers().length()).isEqualTo(6);
        assertThat(second.iv()).isNotEqualTo(first.iv());
    }

    @Test
    void both_families_are_told_the_askers_own_first() {
        for (int k = 0; k < 50; k++) {
            ask(v4(k), open("left=1"), 0);
            ask(v6(k), open("left=1"), 0);
        }
        List<PeerAddress> peers = ask(v6(99), open("left=1"), 40);

        assertThat(peers).hasSize(40);
        assertThat(peers.stream().filter(PeerAddress::isV4)).hasSize(10);
        assertThat(ask(v6(99), hidden("left=1"), 60)).hasSize(60);
    }

    @Test
    void a_completion_counts_once_and_only_for_who_was_here_and_had_not_all() {
        ask(v4(1), open("left=0&event=completed"), 0);
        assertThat(counts().downloaded()).isZero();
        ask(v4(2), open("left=5"), 0);
        ask(v4(2), open("left=0&event=completed"), 0);
        ask(v4(2), open("left=0&event=completed"), 0);
        ask(v4(2), open("left=5"), 0);
        ask(v4(2), open("left=0&event=completed"), 0);

        assertThat(counts()).isEqualTo(new SwarmCounts(2, 0, 1, 0));
    }

    @Test
    void partial_seeds_are_incomplete_but_do_not_download() {
        ask(v4(1), open("left=5&event=paused"), 0);
        ask(v4(2), open("left=5"), 0);
        ask(v4(3), open("left=-1"), 0);

        assertThat(counts()).isEqualTo(new SwarmCounts(0, 3, 0, 2));
    }

    @Test
    void the_same_peer_id_and_key_from_elsewhere_has_moved() {
        ask(v4(1), open("left=5&key=abc"), 0);
        ask(v4(2), open("left=5&key=abc"), 0);
        assertThat(counts().incomplete()).isEqualTo(1);
        assertThat(ask(v4(3), open("left=5&key=other"), 50)).containsExactly(v4(2));
        ask(v4(4), open("left=5"), 0);
        ask(v4(5), open("left=5"), 0);
        assertThat(counts().incomplete()).isEqualTo(4);
    }

    @Test
    void a_peer_that_moves_to_where_there_is_no_room_keeps_its_old_row() {
        for (int port = 1; port <= 5; port++) {
            announce(PeerAddress.of(v4(1).ip(), port), open("left=5"), 0, 0);
        }
        announce(v4(2), open("left=5&key=abc"), 0, 0);

        assertThat(announce(PeerAddress.of(v4(1).ip(), 6), open("left=5&key=abc"), 0, 0))
                .isInstanceOf(Outcome.Full.class);

        assertThat(ask(v4(3), open("left=5"), 50)).hasSize(6).contains(v4(2));
        assertThat(swarms.peers()).isEqualTo(7);
    }

    @Test
    void a_peer_that_moves_to_another_port_of_a_full_address_is_welcome() {
        for (int port = 1; port <= 5; port++) {
            announce(PeerAddress.of(v4(1).ip(), port), open("left=5&key=" + port), 0, 0);
        }

        assertThat(announce(PeerAddress.of(v4(1).ip(), 6), open("left=5&key=3"), 0, 0))
                .isInstanceOf(Outcome.Welcome.class);

        assertThat(ask(v4(3), open("left=5"), 50))
                .hasSize(5)
                .contains(PeerAddress.of(v4(1).ip(), 6))
                .doesNotContain(PeerAddress.of(v4(1).ip(), 3));
        assertThat(swarms.peers()).isEqualTo(6);
    }

    @Test
    void a_peer_that_moves_within_a_full_tracker_is_welcome() {
        var small = Announces.swarms(new SwarmRules(1_800, 4_000, 2, 2, 5, false), 1);
        small.announce(TORRENT, v4(1), open("left=1&key=a"), 0, 0);
        small.announce(TORRENT, v4(2), open("left=1&key=b"), 0, 0);

        assertThat(small.announce(TORRENT, v4(3), open("left=1&key=b"), 0, 0))
                .isInstanceOf(Outcome.Welcome.class);
        assertThat(small.announce(TORRENT, v4(4), open("left=1&key=c"), 0, 0))
                .isInstanceOf(Outcome.Full.class);

        assertThat(small.peers()).isEqualTo(2);
    }

    @Test
    void who_stops_is_gone_and_is_told_nobody() {
        ask(v4(1), open("left=5"), 0);
        ask(v4(2), open("left=5"), 0);

        assertThat(ask(v4(1), open("left=5&event=stopped"), 50)).isEmpty();
        assertThat(counts().incomplete()).isEqualTo(1);
        assertThat(ask(v4(1), open("left=5&event=stopped"), 50)).isEmpty();
        assertThat(swarms.peers()).isEqualTo(1);
    }

    @Test
    void port_0_is_counted_and_told_to_nobody() {
        ask(PeerAddress.of(v4(1).ip(), 0), open("left=5"), 0);

        assertThat(counts().incomplete()).isEqualTo(1);
        assertThat(ask(v4(2), open("left=5"), 50)).isEmpty();
        assertThat(ask(v4(2), hidden("left=5"), 50)).isEmpty();
    }

    @Test
    void an_address_has_a_limited_number_of_ports_in_a_torrent_but_not_on_this_machine() {
        byte[] here = {127, 0, 0, 1};
        for (int port = 1; port <= 30; port++) {
            var outcome = announce(PeerAddress.of(v4(1).ip(), port), open("left=1"), 0, 0);
            assertThat(outcome instanceof Outcome.Full).isEqualTo(port > 5);
            assertThat(announce(PeerAddress.of(here, port), open("left=1"), 0, 0))
                    .isInstanceOf(Outcome.Welcome.class);
        }
    }

    @Test
    void the_limits_of_torrents_and_peers_hold_and_refusals_leave_nothing_behind() {
        var small = Announces.swarms(new SwarmRules(1_800, 4_000, 2, 3, 5, false), 1);
        var other = InfoHash.of(new byte[20]);
        small.announce(TORRENT, v4(1), open("left=1"), 0, 0);
        small.announce(other, v4(1), open("left=1"), 0, 0);
        assertThat(small.announce(InfoHash.ofHex("11".repeat(20)), v4(1), open("left=1"), 0, 0))
                .isEqualTo(new Outcome.Full("the tracker is full"));
        small.announce(other, v4(2), open("left=1"), 0, 0);
        assertThat(small.announce(other, v4(3), open("left=1"), 0, 0))
                .isInstanceOf(Outcome.Full.class);
        assertThat(small.peers()).isEqualTo(3);
        assertThat(small.torrents()).isEqualTo(2);
    }

    @Test
    void a_refused_first_announce_makes_no_torrent_known() {
        var book = new AddressBook(10, 50, 1, () -> 0, 1);
        var one = new Swarms(Announces.rules(), book, 1);
        one.announce(InfoHash.of(new byte[20]), v4(1), open("left=1"), 0, 0);

        assertThat(one.announce(TORRENT, v4(1), open("left=1"), 0, 0))
                .isInstanceOf(Outcome.Full.class);
        assertThat(one.torrents()).isEqualTo(1);
        assertThat(one.find(ShaIh.of(TORRENT))).isEmpty();
    }

    @Test
    void silent_peers_are_told_to_nobody_and_swept_and_the_name_is_forgotten() {
        announce(v4(1), open("left=1"), 0, 0);
        announce(v4(2), open("left=1"), 0, 3_000);
        assertThat(swarms.find(ShaIh.of(TORRENT))).contains(TORRENT);

        assertThat(peersOf(announce(v4(3), open("left=1"), 50, 4_001))).containsExactly(v4(2));
        swarms.sweep(7_001);
        assertThat(counts().incomplete()).isEqualTo(1);
        swarms.sweep(9_000);
        assertThat(swarms.torrents()).isZero();
        assertThat(swarms.peers()).isZero();
        assertThat(swarms.find(ShaIh.of(TORRENT))).isEmpty();
    }

    @Test
    void listed_torrents_stay_known_without_a_swarm_until_the_list_changes() {
        swarms.list(Set.of(TORRENT));
        assertThat(swarms.find(ShaIh.of(TORRENT))).contains(TORRENT);
        announce(v4(1), open("left=1"), 0, 0);
        swarms.sweep(9_000);
        assertThat(swarms.find(ShaIh.of(TORRENT))).contains(TORRENT);
        swarms.list(Set.of());
        assertThat(swarms.find(ShaIh.of(TORRENT))).isEmpty();
    }

    @Test
    void a_large_swarm_expires_in_steps_and_keeps_its_encrypted_list_right() {
        for (int k = 0; k < 3_500; k++) {
            announce(v4(k), open("left=1&supportcrypto=1"), 0, k < 3_000 ? 0 : 3_900);
        }
        assertThat(pick(v4(3_499), hidden("left=1"), 50, 3_950).window()).isNotNull();
        swarms.sweep(4_000);

        assertThat(swarms.peers()).isEqualTo(500);
        for (int round = 0; round < 50; round++) {
            assertThat(peersOf(announce(v4(3_499), hidden("left=1"), 50, 4_000)))
                    .hasSize(50)
                    .allMatch(peer -> number(peer) >= 3_000 && number(peer) < 3_499);
        }
    }

    /// A plain map from address to what was said last, and until when it counts.
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void the_tables_equal_a_slow_model_under_random_announces_and_expiry(long seed) {
        record Peer(boolean seed, boolean crypto, boolean require, int until) {}
        var random = new Random(seed);
        Map<PeerAddress, Peer> model = new HashMap<>();
        Swarms table = Announces.swarms(Announces.rules(), seed);
        int population = 1 + random.nextInt(300);
        int now = 0;
        for (int step = 0; step < 600; step++) {
            now += random.nextInt(20);
            int number = random.nextInt(population);
            PeerAddress peer = number % 3 == 0 ? v6(number) : v4(number);
            boolean isSeed = random.nextBoolean();
            boolean isHidden = random.nextInt(3) == 0;
            boolean supports = random.nextBoolean();
            boolean requires = random.nextInt(5) == 0;
            boolean stops = random.nextInt(8) == 0;
            String said =
                    "left=%d&supportcrypto=%d&requirecrypto=%d&event=%s"
                            .formatted(
                                    isSeed ? 0 : 1,
                                    supports ? 1 : 0,
                                    requires ? 1 : 0,
                                    stops ? "stopped" : "");
            ReceivedAnnounce announce = isHidden ? hidden(said) : open(said);
            boolean crypto = isHidden || supports || requires;
            int count = random.nextInt(60);
            if (random.nextInt(50) == 0) {
                table.sweep(now);
                int swept = now;
                model.values().removeIf(known -> known.until() <= swept);
                assertThat(table.peers()).isEqualTo(model.size());
            }
            var outcome = (Outcome.Welcome) table.announce(TORRENT, peer, announce, count, now);
            model.remove(peer);
            if (!stops) {
                model.put(peer, new Peer(isSeed, crypto, requires, now + 4_000));
            }
            // The encrypted list of a large swarm learns of expiry from the sweep.
            boolean windowed =
                    outcome.pick() instanceof Pick.Hidden(var sealed) && sealed.window() != null;
            int moment = windowed ? 0 : now;
            var eligible = new HashSet<PeerAddress>();
            model.forEach((other, known) -> {
                if (!other.equals(peer)
                        && known.until() > moment
                        && !(isSeed && known.seed())
                        && (crypto || !known.require())) {
                    eligible.add(other);
                }
            });
            List<PeerAddress> peers = peersOf(outcome);
            assertThat(peers).doesNotHaveDuplicates().isSubsetOf(eligible);
            assertThat(peers)
                    .hasSize(stops ? 0 : windowed ? count : Math.min(count, eligible.size()));
            long complete = model.values().stream().filter(Peer::seed).count();
            assertThat(outcome.counts().complete()).isEqualTo((int) complete);
            assertThat(outcome.counts().incomplete()).isEqualTo(model.size() - (int) complete);
        }
    }

    private static int number(PeerAddress peer) {
        byte[] ip = peer.ip();
        return ((ip[1] & 0xFF) << 16) | ((ip[2] & 0xFF) << 8) | (ip[3] & 0xFF);
    }

    private SwarmCounts counts() {
        return swarms.counts(TORRENT).orElseThrow();
    }

    private Outcome announce(PeerAddress from, ReceivedAnnounce announce, int count, int now) {
        return swarms.announce(TORRENT, from, announce, count, now);
    }

    private List<PeerAddress> ask(PeerAddress from, ReceivedAnnounce announce, int count) {
        return peersOf(announce(from, announce, count, 0));
    }

    private ObfuscatedPeers pick(PeerAddress from, ReceivedAnnounce announce, int count, int now) {
        var outcome = (Outcome.Welcome) announce(from, announce, count, now);
        return ((Pick.Hidden) outcome.pick()).peers();
    }

    private static List<PeerAddress> peersOf(Outcome outcome) {
        var peers = new ArrayList<PeerAddress>();
        switch (((Outcome.Welcome) outcome).pick()) {
            case Pick.Compact(var four, var six, var flags) -> {
                assertThat(flags.length() * 6).isEqualTo(four.length());
                peers.addAll(Announces.entries(four, 6));
                peers.addAll(Announces.entries(six, 18));
            }
            case Pick.Listed(var listed) -> listed.forEach(each -> peers.add(each.address()));
            case Pick.Hidden(var sealed) -> {
                peers.addAll(decrypt(sealed, sealed.peers(), 6));
                peers.addAll(decrypt(sealed, sealed.peers6(), 18));
            }
        }
        return peers;
    }

    private static List<PeerAddress> decrypt(
            ObfuscatedPeers sealed, ByteString packed, int entryBytes) {
        var cipher = AddressCipher.withIv(TORRENT, sealed.iv());
        var window = sealed.window();
        int i = window == null ? 0 : window.iWire() ^ cipher.indexMask();
        byte[] bytes = packed.bytes();
        cipher.apply(bytes, 0, bytes.length, i * entryBytes);
        return Announces.entries(ByteString.of(bytes), entryBytes);
    }
}
