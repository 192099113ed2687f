package dev.thistle.engine.torrent;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SuspicionsTest {

    private static final Sender ALICE = address(1);
    private static final Sender BOB = address(2);
    private static final Sender CAROL = new Sender.Web(1 << 30);

    private final Suspicions suspicions = new Suspicions();

    private static Sender address(int last) {
        try {
            return new Sender.Host(InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) last}));
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static @Nullable Sender[] senders(@Nullable Sender... senders) {
        return senders;
    }

    @Test
    void exactly_those_whose_blocks_differ_are_named() {
        suspicions.failed(7, senders(ALICE, BOB, BOB, CAROL), new long[] {1, 2, 3, 4});
        assertThat(suspicions.isSuspect(7)).isTrue();
        assertThat(suspicions.isSuspect(8)).isFalse();
        assertThat(suspicions.verified(7, new long[] {1, 2, 99, 4})).containsExactly(BOB);
        assertThat(suspicions.isSuspect(7)).isFalse();
    }

    @Test
    void liars_of_all_attempts_are_named_and_unknown_senders_are_nobody() {
        suspicions.failed(7, senders(ALICE, null), new long[] {11, 22});
        suspicions.failed(7, senders(CAROL, BOB), new long[] {1, 33});
        assertThat(suspicions.verified(7, new long[] {1, 2})).containsExactly(ALICE, BOB);
        assertThat(suspicions.verified(7, new long[] {5, 5})).isEmpty();
    }

    @Test
    void no_more_pieces_are_remembered_than_allowed() {
        for (int piece = 0; piece < 1_000; piece++) {
            suspicions.failed(piece, senders(ALICE), new long[] {1});
        }
        assertThat(suspicions.isSuspect(999 - Suspicions.MAX_PIECES)).isFalse();
        assertThat(suspicions.isSuspect(1_000 - Suspicions.MAX_PIECES)).isTrue();
    }
}
