package dev.thistle.engine.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.engine.Torrents;
import dev.thistle.engine.peers.PeerEvent.Utterance;
import dev.thistle.engine.pieces.PieceAssembly;
import dev.thistle.engine.pieces.PieceAssembly.Outcome;
import dev.thistle.engine.storage.MemoryStore;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.peer.PeerMessage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnheardTest {

    private static final int BLOCK_BYTES = 16 * 1024;
    private static final int PLENTY = 500;
    private static final byte[] CONTENT = new byte[2 * BLOCK_BYTES];
    private static final Metainfo METAINFO = Torrents.of("zeros", CONTENT, CONTENT.length);

    private final PieceAssembly assembly = new PieceAssembly(METAINFO, new MemoryStore(CONTENT), 0);
    private final Unheard unheard = new Unheard();

    private Utterance block(Outcome outcome) {
        return new Utterance.Delivered(assembly, 0, BLOCK_BYTES, outcome);
    }

    private Utterance stored() {
        return block(Outcome.STORED);
    }

    private List<Utterance> add(Utterance utterance, int stillAsked) {
        return unheard.add(List.of(utterance), stillAsked);
    }

    @Test
    void blocks_wait_until_they_are_many() {
        var expected = new ArrayList<Utterance>();
        for (int count = 1; count < Unheard.MOST; count++) {
            expected.add(stored());
            assertThat(add(stored(), PLENTY)).isEmpty();
        }
        expected.add(stored());
        assertThat(add(stored(), PLENTY)).isEqualTo(expected);
        assertThat(unheard.takeAll()).isEmpty();
    }

    @Test
    void a_peer_that_runs_out_of_requests_is_heard_sooner() {
        assertThat(add(stored(), 12)).isEmpty();
        assertThat(add(stored(), 11)).hasSize(2);
        assertThat(add(stored(), 1)).hasSize(1);
        assertThat(add(stored(), 0)).hasSize(1);
    }

    @Test
    void the_end_of_a_piece_does_not_wait_nor_what_else_a_peer_says() {
        for (Outcome outcome : Outcome.values()) {
            if (outcome != Outcome.STORED) {
                assertThat(add(stored(), PLENTY)).isEmpty();
                assertThat(add(block(outcome), PLENTY)).containsExactly(stored(), block(outcome));
            }
        }
        var choke = new Utterance.Said(new PeerMessage.Choke());
        assertThat(add(stored(), PLENTY)).isEmpty();
        assertThat(add(choke, PLENTY)).containsExactly(stored(), choke);
    }

    @Test
    void what_waits_can_be_taken_at_any_time_once() {
        assertThat(add(stored(), PLENTY)).isEmpty();
        assertThat(unheard.takeAll()).containsExactly(stored());
        assertThat(unheard.takeAll()).isEmpty();
    }
}
