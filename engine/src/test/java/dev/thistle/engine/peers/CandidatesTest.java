package dev.thistle.engine.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.engine.peers.Candidates.Call;
import dev.thistle.engine.peers.Candidates.Kind;
import dev.thistle.engine.settings.EncryptionPolicy;
import dev.thistle.engine.settings.EncryptionPolicy.Cipher;
import dev.thistle.engine.settings.EncryptionPolicy.Level;
import dev.thistle.protocol.PeerAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CandidatesTest {

    private static final long SECOND = 1_000_000_000L;
    private static final Hearsay HIDDEN = Hearsay.ofTracker(true, false);
    private static final PeerAddress A = address(1);
    private static final PeerAddress B = address(2);

    private static PeerAddress address(int host) {
        return PeerAddress.of(new byte[] {10, 0, (byte) (host >> 8), (byte) host}, 6881);
    }

    private static final PeerRanking NO_RANKING =
            PeerRanking.of(Optional.empty(), Optional.empty(), 0);

    private static Candidates candidates(Level level) {
        return candidates(level, () -> NO_RANKING);
    }

    private static Candidates candidates(Level level, Supplier<PeerRanking> ranking) {
        return new Candidates(
                new EncryptionPolicy(level, Cipher.ANY), Duration.ofSeconds(20), ranking);
    }

    private static Optional<PeerAddress> next(Candidates candidates, long seconds) {
        return candidates.next(seconds * SECOND, false).map(Call::address);
    }

    @Test
    void addresses_are_called_in_the_order_they_were_named() {
        Candidates candidates = candidates(Level.PREFER);
        candidates.add(A, Hearsay.NOTHING);
        candidates.add(B, Hearsay.NOTHING);
        assertThat(next(candidates, 0)).contains(A);
        assertThat(next(candidates, 0)).contains(B);
        assertThat(next(candidates, 0)).as("both are being called").isEmpty();
    }

    @Test
    void one_that_was_never_tried_comes_before_one_that_was() {
        Candidates candidates = candidates(Level.PREFER);
        candidates.add(A, Hearsay.NOTHING);
        next(candidates, 0);
        candidates.closed(A);
        candidates.add(B, Hearsay.NOTHING);
        assertThat(next(candidates, 100)).contains(B);
        assertThat(next(candidates, 100)).contains(A);
    }

    @Test
    void nobody_is_called_again_before_the_time() {
        Candidates candidates = candidates(Level.PREFER);
        candidates.add(A, Hearsay.NOTHING);
        next(candidates, 0);
        candidates.closed(A);
        assertThat(next(candidates, 19)).isEmpty();
        assertThat(next(candidates, 20)).contains(A);
    }

    @Test
    void nobody_is_called_while_connected() {
        Candidates candidates = candidates(Level.PREFER);
        candidates.add(A, Hearsay.NOTHING);
        next(candidates, 0);
        candidates.connected(A, Kind.MSE);
        assertThat(next(candidates, 1000)).isEmpty();
    }

    @Test
    void an_address_is_forgotten_after_three_failures_in_a_row() {
        Candidates candidates = candidates(Level.PREFER);
        candidates.add(A, Hearsay.NOTHING);
        for (int failure = 0; failure < Candidates.MAX_FAILURES; failure++) {
            assertThat(next(candidates, failure * 20L)).contains(A);
            candidates.failed(A, false);
        }
        assertThat(candidates.size()).isZero();
    }

    @Test
    void a_success_forgives_earlier_failures() {
        Candidates candidates = candidates(Level.PREFER);
        candidates.add(A, Hearsay.NOTHING);
        for (int call = 0; call < 10; call++) {
            assertThat(next(candidates, call * 20L)).contains(A);
            if (call % 2 == 0) {
                candidates.failed(A, false);
            } else {
                candidates.connected(A, Kind.MSE);
                candidates.closed(A);
            }
        }
        assertThat(candidates.size()).isEqualTo(1);
    }

    @Test
    void a_forgotten_address_stays_forgotten_when_it_is_named_again() {
        Candidates candidates = candidates(Level.PREFER);
        candidates.add(A, Hearsay.NOTHING);
        candidates.forget(A);
        candidates.add(A, Hearsay.NOTHING);
        assertThat(next(candidates, 0)).isEmpty();
    }

    @Test
    void the_list_has_an_end() {
        Candidates candidates = candidates(Level.PREFER);
        for (int host = 1; host < 5000; host++) {
            candidates.add(address(host), Hearsay.NOTHING);
        }
        assertThat(candidates.size()).isEqualTo(Candidates.MAX_KNOWN);
    }

    @Test
    void peers_that_name_others_without_end_leave_room_for_trackers() {
        Candidates candidates = candidates(Level.PREFER);
        for (int host = 1; host < 5000; host++) {
            candidates.addFromPeer(address(host), Hearsay.NOTHING);
        }
        assertThat(candidates.size()).isEqualTo(Candidates.MAX_NAMED_BY_PEERS);
        for (int host = 5000; host < 6500; host++) {
            candidates.add(address(host), Hearsay.NOTHING);
        }
        assertThat(candidates.size()).isEqualTo(Candidates.MAX_KNOWN);
        assertThat(candidates.knows(address(6499))).isTrue();
        candidates.addFromPeer(address(7000), Hearsay.NOTHING);
        assertThat(candidates.knows(address(7000))).isFalse();
    }

    @Test
    void a_tracker_replaces_the_oldest_that_peers_named_but_nobody_who_is_called() {
        Candidates candidates = candidates(Level.PREFER);
        candidates.addFromPeer(A, Hearsay.NOTHING);
        assertThat(next(candidates, 0)).contains(A);
        candidates.addFromPeer(B, Hearsay.NOTHING);
        candidates.addFromPeer(address(3), Hearsay.NOTHING);
        candidates.add(address(3), Hearsay.NOTHING); // now vouched for
        for (int host = 5000; candidates.size() < Candidates.MAX_KNOWN; host++) {
            candidates.add(address(host), Hearsay.NOTHING);
        }
        candidates.add(address(4), Hearsay.NOTHING);
        assertThat(candidates.knows(address(4))).isTrue();
        assertThat(candidates.knows(B)).isFalse();
        candidates.add(address(5), Hearsay.NOTHING);
        assertThat(candidates.knows(address(5))).as("there is nobody to replace").isFalse();
        assertThat(candidates.knows(A)).isTrue();
        assertThat(candidates.knows(address(3))).isTrue();
        assertThat(candidates.size()).isEqualTo(Candidates.MAX_KNOWN);
    }

    @Test
    void who_is_forgotten_or_fails_leaves_room_for_others_that_peers_name() {
        Candidates candidates = candidates(Level.PREFER);
        candidates.addFromPeer(A, Hearsay.NOTHING);
        candidates.addFromPeer(B, Hearsay.NOTHING);
        candidates.forget(A);
        for (int i = 0; i < Candidates.MAX_FAILURES; i++) {
            candidates.failed(B, false);
        }
        for (int host = 5000; host < 8000; host++) {
            candidates.addFromPeer(address(host), Hearsay.NOTHING);
        }
        assertThat(candidates.size()).isEqualTo(Candidates.MAX_NAMED_BY_PEERS);
    }

    @ParameterizedTest(name = "{0}, {1}: {2} first, falls back {3}")
    @CsvSource({
        "OFF,     clear,      PLAINTEXT, false",
        "ALLOW,   clear,      PLAINTEXT, true",
        "PREFER,  clear,      MSE,       true",
        "REQUIRE, clear,      MSE,       false",
        "OFF,     obfuscated, PLAINTEXT, false",
        "ALLOW,   obfuscated, MSE,       false",
        "PREFER,  obfuscated, MSE,       false",
        "REQUIRE, obfuscated, MSE,       false"
    })
    void the_policy_and_the_source_of_the_address_decide_how_a_call_begins(
            Level level, String source, Kind first, boolean fallsBack) {
        Candidates candidates = candidates(level);
        candidates.add(A, Hearsay.ofTracker(source.equals("obfuscated"), false));
        assertThat(candidates.next(0, true)).contains(new Call(A, first, fallsBack, false));
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(names = {"ALLOW", "PREFER"})
    void what_worked_at_an_address_is_tried_first_the_next_time(Level level) {
        for (Kind worked : Kind.values()) {
            Candidates candidates = candidates(level);
            candidates.add(A, Hearsay.NOTHING);
            next(candidates, 0);
            candidates.connected(A, worked);
            candidates.closed(A);
            assertThat(candidates.next(20 * SECOND, false))
                    .contains(new Call(A, worked, true, false));
        }
    }

    @Test
    void a_peer_that_does_not_know_mse_is_called_in_plaintext_the_next_time() {
        Candidates candidates = candidates(Level.PREFER);
        candidates.add(A, Hearsay.NOTHING);
        next(candidates, 0);
        candidates.failed(A, true);
        assertThat(candidates.next(20 * SECOND, false))
                .contains(new Call(A, Kind.PLAINTEXT, true, false));
    }

    @Test
    void where_mse_is_required_nobody_is_ever_called_in_plaintext() {
        Candidates candidates = candidates(Level.REQUIRE);
        candidates.add(A, HIDDEN);
        next(candidates, 0);
        candidates.failed(A, true);
        assertThat(candidates.next(20 * SECOND, true))
                .contains(new Call(A, Kind.MSE, false, false));
    }

    private static Candidates withObfuscatedPeerThatDoesNotKnowMse() {
        Candidates candidates = candidates(Level.PREFER);
        candidates.add(A, HIDDEN);
        next(candidates, 0);
        candidates.failed(A, true);
        return candidates;
    }

    @Test
    void an_obfuscated_peer_is_called_in_plaintext_when_nobody_else_is_left() {
        assertThat(withObfuscatedPeerThatDoesNotKnowMse().next(20 * SECOND, true))
                .contains(new Call(A, Kind.PLAINTEXT, false, false));
    }

    @Test
    void an_obfuscated_peer_is_never_called_in_plaintext_while_somebody_is_connected() {
        assertThat(withObfuscatedPeerThatDoesNotKnowMse().next(1000 * SECOND, false)).isEmpty();
    }

    @Test
    void an_obfuscated_peer_is_never_called_in_plaintext_while_others_are_untried() {
        Candidates candidates = withObfuscatedPeerThatDoesNotKnowMse();
        candidates.add(B, HIDDEN);
        assertThat(candidates.next(20 * SECOND, true))
                .contains(new Call(B, Kind.MSE, false, false));
    }

    @Test
    void a_seed_that_is_never_called_keeps_nobody_from_being_called_in_plaintext() {
        Candidates candidates = withObfuscatedPeerThatDoesNotKnowMse();
        candidates.add(B, Hearsay.ofPeer(false, true));
        candidates.callSeeds(false);
        assertThat(candidates.next(20 * SECOND, true))
                .contains(new Call(A, Kind.PLAINTEXT, false, false));
    }

    @Test
    void an_obfuscated_peer_is_never_called_in_plaintext_while_others_are_being_called() {
        Candidates candidates = withObfuscatedPeerThatDoesNotKnowMse();
        candidates.add(B, HIDDEN);
        next(candidates, 20);
        assertThat(candidates.next(40 * SECOND, true)).isEmpty();
        candidates.failed(B, false);
        assertThat(candidates.next(40 * SECOND, true).map(Call::first)).contains(Kind.PLAINTEXT);
    }

    /// The addresses of the vector of BEP 40 among others.
    @Test
    void of_those_never_tried_the_highest_rank_is_called_first() throws Exception {
        var ours = InetAddress.getByName("123.213.32.10");
        var known = new AtomicReference<>(NO_RANKING);
        Candidates candidates = candidates(Level.PREFER, known::get);
        List<PeerAddress> named = IntStream.range(0, 50).mapToObj(CandidatesTest::address).toList();
        named.forEach(address -> candidates.add(address, Hearsay.NOTHING));
        assertThat(next(candidates, 0)).as("nobody has a rank yet").contains(named.getFirst());

        PeerRanking ranking = PeerRanking.of(Optional.of(ours), Optional.empty(), 6881);
        known.set(ranking);
        PeerAddress late = PeerAddress.of(new byte[] {98, 76, 54, 32}, 6881);
        candidates.add(late, Hearsay.NOTHING);
        List<PeerAddress> expected =
                Stream.concat(named.stream().skip(1), Stream.of(late))
                        .sorted((a, b) -> Long.compare(ranking.of(b), ranking.of(a)))
                        .toList();

        var called = new ArrayList<PeerAddress>();
        for (Optional<PeerAddress> next = next(candidates, 0);
                next.isPresent();
                next = next(candidates, 0)) {
            called.add(next.get());
        }
        assertThat(called).isEqualTo(expected);
        assertThat(ranking.of(late)).isEqualTo(0xec2d7224L);
    }

    @Test
    void a_seed_does_not_call_those_that_are_said_to_be_seeds() {
        Candidates candidates = candidates(Level.PREFER);
        candidates.add(A, Hearsay.ofPeer(false, true));
        candidates.callSeeds(false);
        assertThat(next(candidates, 0)).isEmpty();
        candidates.add(A, Hearsay.NOTHING);
        assertThat(next(candidates, 0)).as("somebody knows better").contains(A);
        candidates.closed(A);
        candidates.add(B, Hearsay.ofPeer(false, true));
        candidates.callSeeds(true);
        assertThat(next(candidates, 0)).contains(B);
    }

    @ParameterizedTest(name = "{0}: {1} first")
    @CsvSource({"OFF, PLAINTEXT", "ALLOW, MSE", "PREFER, MSE", "REQUIRE, MSE"})
    void who_is_said_to_prefer_mse_is_called_so_where_the_policy_allows(Level level, Kind first) {
        Candidates candidates = candidates(level);
        candidates.add(A, Hearsay.ofPeer(true, false));
        assertThat(candidates.next(0, false).map(Call::first)).contains(first);
    }

    @Test
    void what_worked_counts_more_than_what_is_said() {
        Candidates candidates = candidates(Level.ALLOW);
        candidates.add(A, Hearsay.ofPeer(true, false));
        next(candidates, 0);
        candidates.connected(A, Kind.PLAINTEXT);
        candidates.closed(A);
        assertThat(candidates.next(20 * SECOND, false).map(Call::first)).contains(Kind.PLAINTEXT);
    }

    @Test
    void a_peer_of_the_v2_swarm_is_called_by_that_name_whoever_else_names_it() {
        Candidates candidates = candidates(Level.PREFER);
        candidates.add(A, Hearsay.ofTracker(false, true));
        candidates.add(A, Hearsay.NOTHING);
        assertThat(candidates.next(0, false).map(Call::inV2Swarm)).contains(true);
    }
}
