package dev.thistle.e2e;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.e2e.peer.Payload;
import dev.thistle.e2e.peer.Protection;
import dev.thistle.e2e.wire.Conversation;
import dev.thistle.e2e.wire.Conversation.Said;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The proof of the matrix, tried on conversations made by hand: it accepts what is right and
/// refuses each way of being wrong.
class WireProofTest {

    private static final int LENGTH = 2 << 20;

    private static final String OURS = "10.77.0.1";
    private static final String THEIRS = "10.77.0.2";

    @TempDir private static Path folder;

    private static Payload payload;
    private static byte[] clear = {};
    private static byte[] noise = {};

    @BeforeAll
    static void make_streams() throws IOException {
        payload = Payload.single(folder, 6);
        clear = Arrays.copyOf(Files.readAllBytes(payload.path()), LENGTH);
        noise = new byte[LENGTH];
        new Random(7).nextBytes(noise);
    }

    @Test
    void plaintext_starts_with_the_header_and_shows_the_payload() {
        assertAccepted(Protection.PLAINTEXT, said(header(), header(clear)));
    }

    @Test
    void plaintext_may_follow_a_refused_attempt_at_mse() {
        Conversation refused = said(Arrays.copyOf(noise, 300), new byte[0]);
        assertAccepted(Protection.PLAINTEXT, refused, said(header(), header(clear)));
    }

    @Test
    void mse_is_not_plaintext() {
        assertRefused(Protection.PLAINTEXT, said(noise, noise));
        assertRefused(Protection.PLAINTEXT, said(noise, clear));
    }

    @Test
    void mse_with_plaintext_payload_hides_the_start_only() {
        assertAccepted(Protection.MSE_PLAINTEXT, said(noise, clear));
    }

    @Test
    void neither_plaintext_nor_rc4_is_mse_with_plaintext_payload() {
        assertRefused(Protection.MSE_PLAINTEXT, said(header(), header(clear)));
        assertRefused(Protection.MSE_PLAINTEXT, said(noise, noise));
        assertRefused(Protection.MSE_PLAINTEXT, said(noise, clear), said(header(), new byte[0]));
    }

    @Test
    void a_call_in_the_clear_may_be_turned_away_before_mse_with_plaintext_payload() {
        Conversation called = said(THEIRS, OURS, header(), new byte[0]);
        assertAccepted(Protection.MSE_PLAINTEXT, called, said(noise, clear));
        assertRefused(Protection.MSE_RC4, called, said(noise, noise));
    }

    @Test
    void a_call_in_the_clear_must_not_be_answered_under_mse() {
        Conversation called = said(THEIRS, OURS, header(), header());
        assertRefused(Protection.MSE_PLAINTEXT, called, said(noise, clear));
    }

    @Test
    void rc4_shows_nothing_at_all() {
        assertAccepted(Protection.MSE_RC4, said(noise, noise));
    }

    @Test
    void a_readable_payload_or_header_is_not_rc4() {
        byte[] buried = noise.clone();
        ByteBuffer.wrap(buried).put(1000, WireProof.HEADER);
        assertRefused(Protection.MSE_RC4, said(noise, clear));
        assertRefused(Protection.MSE_RC4, said(clear, noise));
        assertRefused(Protection.MSE_RC4, said(noise, buried));
        assertRefused(Protection.MSE_RC4, said(noise, noise), said(header(), new byte[0]));
    }

    @Test
    void nothing_is_proved_where_nothing_was_moved() {
        Conversation greeting = said(Arrays.copyOf(noise, 600), Arrays.copyOf(noise, 600));
        for (Protection protection : Protection.values()) {
            assertRefused(protection, greeting);
        }
    }

    private static void assertAccepted(Protection protection, Conversation... conversations) {
        assertThatCode(() -> WireProof.check(protection, OURS, List.of(conversations), payload))
                .doesNotThrowAnyException();
    }

    private static void assertRefused(Protection protection, Conversation... conversations) {
        assertThatThrownBy(() -> WireProof.check(protection, OURS, List.of(conversations), payload))
                .isInstanceOf(AssertionError.class);
    }

    private static byte[] header() {
        return header(new byte[0]);
    }

    private static byte[] header(byte[] rest) {
        byte[] whole = Arrays.copyOf(WireProof.HEADER, WireProof.HEADER.length + rest.length);
        System.arraycopy(rest, 0, whole, WireProof.HEADER.length, rest.length);
        return whole;
    }

    private static Conversation said(byte[] sent, byte[] answered) {
        return said(OURS, THEIRS, sent, answered);
    }

    private static Conversation said(String caller, String called, byte[] sent, byte[] answered) {
        return new Conversation(
                new InetSocketAddress(caller, 40_000),
                new InetSocketAddress(called, 6881),
                Said.of(sent),
                Said.of(answered));
    }
}
