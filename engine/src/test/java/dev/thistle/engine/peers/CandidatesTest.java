package dev.thistle.engine.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.engine.peers.Candidates.Call;
import dev.thistle.engine.peers.Candidates.Kind;
import dev.thistle.engine.settings.EncryptionPolicy;
import dev.thistle.engine.settings.EncryptionPolicy.Cipher;
import dev.thistle.engine.settings.EncryptionPolicy.Level;
import dev.thistle.protocol.PeerAddress;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CandidatesTest {

    private static final long SECOND = 1_000_000_000L;
    private static final PeerAddress A = address(1);
    private static final PeerAddress B = address(2);

    private static PeerAddress address(int host) {
        return PeerAddress.of(new byte[] {10, 0, (byte) (host >> 8), (byte) host}, 6881);
    }

    private static Candidates candidates(Level level) {
        return new Candidates(new EncryptionPolicy(level, Cipher.ANY), Duration.ofSeconds(20));
    }

    private static Optional<PeerAddress> next(Candidates candidates, long seconds) {
        return candidates.next(seconds * SECOND, false).map(Call::address);
    }

    @Test
    void addresses_are_called_in_the_order_they_were_named() {
        Candidates candidates = candidates(Level.PREFER);
        candidates.add(A, false);
        candidates.add(B, false);
        assertThat(next(candidates, 0)).contains(A);
        assertThat(next(candidates, 0)).contains(B);
        assertThat(next(candidates, 0)).as("both are being called").isEmpty();
    }

    @Test
    void one_that_was_never_tried_comes_before_one_that_was() {
        Candidates candidates = candidates(Level.PREFER);
        candidates.add(A, false);
        next(candidates, 0);
        candidates.closed(A);
        candidates.add(B, false);
        assertThat(next(candidates, 100)).contains(B);
        assertThat(next(candidates, 100)).contains(A);
    }

    @Test
    void nobody_is_called_again_before_the_time() {
        Candidates candidates = candidates(Level.PREFER);
        candidates.add(A, false);
        next(candidates, 0);
        candidates.closed(A);
        assertThat(next(candidates, 19)).isEmpty();
        assertThat(next(candidates, 20)).contains(A);
    }

    @Test
    void nobody_is_called_while_connected() {
        Candidates candidates = candidates(Level.PREFER);
        candidates.add(A, false);
        next(candidates, 0);
        candidates.connected(A, Kind.MSE);
        assertThat(next(candidates, 1000)).isEmpty();
    }

    @Test
    void an_address_is_forgotten_after_three_failures_in_a_row() {
        Candidates candidates = candidates(Level.PREFER);
        candidates.add(A, false);
        for (int failure = 0; failure < Candidates.MAX_FAILURES; failure++) {
            assertThat(next(candidates, failure * 20L)).contains(A);
            candidates.failed(A, false);
        }
        assertThat(candidates.size()).isZero();
    }

    @Test
    void a_success_forgives_earlier_failures() {
        Candidates candidates = candidates(Level.PREFER);
        candidates.add(A, false);
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
        candidates.add(A, false);
        candidates.forget(A);
        candidates.add(A, false);
        assertThat(next(candidates, 0)).isEmpty();
    }

    @Test
    void the_list_has_an_end() {
        Candidates candidates = candidates(Level.PREFER);
        for (int host = 1; host < 5000; host++) {
            candidates.add(address(host), false);
        }
        assertThat(candidates.size()).isEqualTo(Candidates.MAX_KNOWN);
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
        candidates.add(A, source.equals("obfuscated"));
        assertThat(candidates.next(0, true)).contains(new Call(A, first, fallsBack));
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(names = {"ALLOW", "PREFER"})
    void what_worked_at_an_address_is_tried_first_the_next_time(Level level) {
        for (Kind worked : Kind.values()) {
            Candidates candidates = candidates(level);
            candidates.add(A, false);
            next(candidates, 0);
            candidates.connected(A, worked);
            candidates.closed(A);
            assertThat(candidates.next(20 * SECOND, false)).contains(new Call(A, worked, true));
        }
    }

    @Test
    void a_peer_that_does_not_know_mse_is_called_in_plaintext_the_next_time() {
        Candidates candidates = candidates(Level.PREFER);
        candidates.add(A, false);
        next(candidates, 0);
        candidates.failed(A, true);
        assertThat(candidates.next(20 * SECOND, false)).contains(new Call(A, Kind.PLAINTEXT, true));
    }

    @Test
    void where_mse_is_required_nobody_is_ever_called_in_plaintext() {
        Candidates candidates = candidates(Level.REQUIRE);
        candidates.add(A, true);
        next(candidates, 0);
        candidates.failed(A, true);
        assertThat(candidates.next(20 * SECOND, true)).contains(new Call(A, Kind.MSE, false));
    }

    private static Candidates withObfuscatedPeerThatDoesNotKnowMse() {
        Candidates candidates = candidates(Level.PREFER);
        candidates.add(A, true);
        next(candidates, 0);
        candidates.failed(A, true);
        return candidates;
    }

    @Test
    void an_obfuscated_peer_is_called_in_plaintext_when_nobody_else_is_left() {
        assertThat(withObfuscatedPeerThatDoesNotKnowMse().next(20 * SECOND, true))
                .contains(new Call(A, Kind.PLAINTEXT, false));
    }

    @Test
    void an_obfuscated_peer_is_never_called_in_plaintext_while_somebody_is_connected() {
        assertThat(withObfuscatedPeerThatDoesNotKnowMse().next(1000 * SECOND, false)).isEmpty();
    }

    @Test
    void an_obfuscated_peer_is_never_called_in_plaintext_while_others_are_untried() {
        Candidates candidates = withObfuscatedPeerThatDoesNotKnowMse();
        candidates.add(B, true);
        assertThat(candidates.next(20 * SECOND, true)).contains(new Call(B, Kind.MSE, false));
    }

    @Test
    void an_obfuscated_peer_is_never_called_in_plaintext_while_others_are_being_called() {
        Candidates candidates = withObfuscatedPeerThatDoesNotKnowMse();
        candidates.add(B, true);
        next(candidates, 20);
        assertThat(candidates.next(40 * SECOND, true)).isEmpty();
        candidates.failed(B, false);
        assertThat(candidates.next(40 * SECOND, true).map(Call::first)).contains(Kind.PLAINTEXT);
    }
}
