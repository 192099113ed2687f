package dev.thistle.engine.torrent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.engine.torrent.MetadataFetch.Whole;
import dev.thistle.protocol.bencode.ByteString;
import dev.thistle.protocol.peer.ExtensionMessage.MetadataBlock;
import dev.thistle.protocol.peer.MetadataCodec;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MetadataFetchTest {

    private static final int BLOCK = MetadataCodec.BLOCK_BYTES;
    private static final int TOTAL = 3 * BLOCK + 5;

    private final MetadataFetch fetch = new MetadataFetch();

    private Optional<Whole> give(int peer, int block) {
        return give(peer, block, TOTAL);
    }

    private Optional<Whole> give(int peer, int block, int total) {
        byte[] data = new byte[MetadataCodec.blockBytes(block, total)];
        data[0] = (byte) block;
        return fetch.received(peer, new MetadataBlock(block, total, ByteString.of(data)));
    }

    @Test
    void one_block_at_a_time_is_asked_of_each_peer_and_none_twice() {
        fetch.offered(1, BLOCK + 5);
        fetch.offered(2, BLOCK + 5);
        fetch.offered(3, BLOCK + 5);
        assertThat(fetch.ask(1, 0)).containsExactly(0);
        assertThat(fetch.ask(2, 0)).containsExactly(1);
        assertThat(fetch.ask(3, 0)).isEmpty();
        assertThat(fetch.ask(1, 0)).isEmpty();
        assertThat(fetch.blocksNeeded()).isEqualTo(2);
    }

    @Test
    void the_whole_is_there_with_its_last_block() {
        fetch.offered(1, TOTAL);
        fetch.offered(2, TOTAL);
        assertThat(fetch.ask(1, 0)).containsExactly(0);
        assertThat(fetch.ask(2, 0)).containsExactly(1);
        assertThat(give(2, 1)).isEmpty();
        assertThat(fetch.ask(2, 0)).containsExactly(2);
        assertThat(give(1, 0)).isEmpty();
        assertThat(fetch.ask(1, 0)).containsExactly(3);
        assertThat(give(1, 3)).isEmpty();
        assertThat(fetch.blocksHere()).isEqualTo(3);
        Whole whole = give(2, 2).orElseThrow();
        assertThat(whole.senders()).containsExactlyInAnyOrder(1, 2);
        assertThat(whole.info().remaining()).isEqualTo(TOTAL);
        for (int block = 0; block < 4; block++) {
            assertThat(whole.info().get(block * BLOCK)).isEqualTo((byte) block);
        }
    }

    @Test
    void a_slow_block_is_asked_of_another_peer_and_later_of_the_same_again() {
        fetch.offered(1, 5);
        fetch.offered(2, 5);
        assertThat(fetch.ask(1, 0)).containsExactly(0);
        assertThat(fetch.ask(2, MetadataFetch.IMPATIENCE_NANOS - 1)).isEmpty();
        assertThat(fetch.ask(2, MetadataFetch.IMPATIENCE_NANOS)).containsExactly(0);
        assertThat(fetch.ask(1, 2 * MetadataFetch.IMPATIENCE_NANOS)).isEmpty();
        assertThat(fetch.ask(1, MetadataFetch.LOST_NANOS + MetadataFetch.IMPATIENCE_NANOS))
                .containsExactly(0);
    }

    @Test
    void a_peer_that_rejects_is_left_alone_for_a_minute() {
        fetch.offered(1, 5);
        assertThat(fetch.ask(1, 0)).containsExactly(0);
        fetch.rejected(1, 0, 1000);
        assertThat(fetch.ask(1, MetadataFetch.REJECTED_NANOS + 999)).isEmpty();
        assertThat(fetch.ask(1, MetadataFetch.REJECTED_NANOS + 1000)).containsExactly(0);
    }

    @Test
    void what_was_not_asked_for_or_is_of_another_length_is_not_kept() {
        fetch.offered(1, TOTAL);
        assertThat(give(1, 0)).isEmpty();
        assertThat(fetch.ask(1, 0)).containsExactly(0);
        assertThat(give(1, 0, TOTAL + 1)).isEmpty();
        assertThat(give(1, 1)).isEmpty();
        assertThat(give(7, 0)).isEmpty();
        assertThat(fetch.blocksHere()).isZero();
    }

    @Test
    void the_only_sender_of_a_wrong_whole_is_the_liar() {
        fetch.offered(1, 5);
        var _ = fetch.ask(1, 0);
        Whole whole = give(1, 0, 5).orElseThrow();
        assertThat(fetch.wasWrong(whole)).contains(1);
    }

    @Test
    void after_a_wrong_whole_of_several_senders_each_is_collected_from_alone() {
        fetch.offered(1, 2 * BLOCK);
        fetch.offered(2, 2 * BLOCK);
        assertThat(fetch.ask(1, 0)).containsExactly(0);
        assertThat(fetch.ask(2, 0)).containsExactly(1);
        assertThat(give(1, 0, 2 * BLOCK)).isEmpty();
        Whole mixed = give(2, 1, 2 * BLOCK).orElseThrow();
        assertThat(fetch.wasWrong(mixed)).isEmpty();

        assertThat(fetch.ask(1, 0)).containsExactly(0);
        assertThat(fetch.ask(2, 0)).containsExactly(0);
        assertThat(give(1, 0, 2 * BLOCK)).isEmpty();
        assertThat(give(2, 0, 2 * BLOCK)).isEmpty();
        assertThat(fetch.ask(1, 0)).containsExactly(1);
        assertThat(fetch.ask(2, 0)).containsExactly(1);
        assertThat(give(2, 1, 2 * BLOCK).orElseThrow().senders()).containsExactly(2);
        Whole lie = give(1, 1, 2 * BLOCK).orElseThrow();
        assertThat(fetch.wasWrong(lie)).contains(1);
    }

    @Test
    void liars_about_the_length_do_not_hold_up_the_others() {
        fetch.offered(1, MetadataCodec.MAX_INFO_BYTES);
        fetch.offered(2, 5);
        assertThat(fetch.ask(1, 0)).hasSize(1);
        assertThat(fetch.ask(2, 0)).containsExactly(0);
        assertThat(give(2, 0, 5)).isPresent();
    }

    /// Four peers claim lengths of their own near the largest: two of their dictionaries fit.
    @Test
    void what_is_held_for_liars_is_bounded() {
        ByteString full = ByteString.of(new byte[BLOCK]);
        for (int peer = 0; peer < 4; peer++) {
            int total = MetadataCodec.MAX_INFO_BYTES - peer;
            fetch.offered(peer, total);
            for (int given = 0; given < MetadataCodec.MAX_BLOCKS - 2; given++) {
                for (int block : fetch.ask(peer, 0)) {
                    var _ = fetch.received(peer, new MetadataBlock(block, total, full));
                }
            }
        }
        assertThat(fetch.heldBytes())
                .isGreaterThan(MetadataCodec.MAX_INFO_BYTES)
                .isLessThanOrEqualTo(MetadataFetch.MAX_HELD_BYTES);
    }
}
