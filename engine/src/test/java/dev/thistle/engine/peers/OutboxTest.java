package dev.thistle.engine.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.engine.peers.Outbox.Item;
import dev.thistle.protocol.peer.PeerMessage;
import dev.thistle.protocol.peer.PeerMessage.Request;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class OutboxTest {

    private static final PeerMessage CHOKE = new PeerMessage.Choke();

    private static final PeerMessage ANSWER =
            new PeerMessage.Extended(2, ByteBuffer.allocate(16 * 1024));

    private final Backlog backlog = new Backlog(1 << 20);
    private final Outbox outbox = new Outbox(backlog);

    private static Request block(int piece) {
        return new Request(piece, 0, 16384);
    }

    @Test
    void messages_keep_their_order_and_come_before_blocks() {
        outbox.serve(block(0));
        outbox.say(CHOKE);
        outbox.say(new PeerMessage.Have(1));
        assertThat(outbox.poll()).isEqualTo(new Item.Say(CHOKE));
        assertThat(outbox.poll()).isEqualTo(new Item.Say(new PeerMessage.Have(1)));
        assertThat(outbox.poll()).isEqualTo(new Item.Serve(block(0)));
        assertThat(outbox.poll()).isNull();
    }

    @Test
    @Timeout(10)
    void what_is_said_together_wakes_the_writer_and_keeps_its_order() throws Exception {
        Thread speaker =
                Thread.startVirtualThread(
                        () -> outbox.sayAll(List.of(block(0), block(1), block(2))));
        assertThat(outbox.take()).isEqualTo(new Item.Say(block(0)));
        speaker.join();
        assertThat(outbox.poll()).isEqualTo(new Item.Say(block(1)));
        assertThat(outbox.poll()).isEqualTo(new Item.Say(block(2)));
    }

    @Test
    void no_more_blocks_wait_than_announced() {
        IntStream.range(0, Outbox.MAX_SERVES)
                .forEach(piece -> assertThat(outbox.serve(block(piece))).isTrue());
        assertThat(outbox.serve(block(9999))).isFalse();
        outbox.poll();
        assertThat(outbox.serve(block(9999))).isTrue();
    }

    @Test
    void a_peer_that_lets_messages_pile_up_is_told_apart() {
        IntStream.range(0, Outbox.MAX_MESSAGES)
                .forEach(_ -> assertThat(outbox.say(CHOKE)).isTrue());
        assertThat(outbox.say(CHOKE)).isFalse();
    }

    @Test
    void so_is_one_that_lets_long_answers_pile_up() {
        for (int round = 0; round < 3; round++) {
            IntStream.range(0, 63).forEach(_ -> assertThat(outbox.say(ANSWER)).isTrue());
            IntStream.range(0, 63).forEach(_ -> assertThat(outbox.poll()).isNotNull());
        }
        IntStream.range(0, 63).forEach(_ -> assertThat(outbox.say(ANSWER)).isTrue());
        assertThat(outbox.say(ANSWER)).isFalse();
    }

    @Test
    void a_block_can_be_taken_back_until_it_is_under_way() {
        outbox.serve(block(0));
        outbox.serve(block(1));
        outbox.poll();
        assertThat(outbox.unserve(block(0))).isFalse();
        assertThat(outbox.unserve(block(1))).isTrue();
        assertThat(outbox.poll()).isNull();
    }

    @Test
    void a_block_waits_once_however_often_it_is_asked_for() {
        outbox.serve(block(0));
        outbox.serve(block(1));
        assertThat(outbox.serve(block(0))).isTrue();
        assertThat(outbox.unserveAll()).containsExactly(block(0), block(1));
    }

    @Test
    void all_blocks_can_be_taken_back_at_once() {
        outbox.serve(block(0));
        outbox.serve(block(1));
        assertThat(outbox.unserveAll()).containsExactly(block(0), block(1));
        assertThat(outbox.unserveAll()).isEmpty();
    }

    @Test
    @Timeout(10)
    void closing_wakes_the_writer_and_drops_what_waits() throws Exception {
        Thread closer = Thread.startVirtualThread(outbox::close);
        assertThat(outbox.take()).isNull();
        closer.join();
        outbox.say(CHOKE);
        assertThat(outbox.take()).isNull();
    }

    private static void let(Outbox outbox, int answers) {
        IntStream.range(0, answers).forEach(_ -> assertThat(outbox.say(ANSWER)).isTrue());
    }

    @Test
    void two_answers_wait_for_each_peer_and_more_for_all_together_than_fits() {
        var peers = IntStream.range(0, 500).mapToObj(_ -> new Outbox(backlog)).toList();
        peers.forEach(peer -> let(peer, 2));
        assertThat(backlog.takenBytes()).isZero();
        assertThat(peers.stream().filter(peer -> peer.say(ANSWER)).count())
                .isEqualTo((1 << 20) / Outbox.PART_BYTES);
        assertThat(backlog.takenBytes()).isBetween((1L << 20) - Outbox.PART_BYTES, 1L << 20);

        peers.forEach(Outbox::close);
        assertThat(backlog.takenBytes()).isZero();
        let(outbox, 60);
    }

    @Test
    void short_messages_take_from_all_together_as_well() {
        var rejects = new PeerMessage.RejectRequest(0, 0, 16384);
        IntStream.range(0, Outbox.MAX_MESSAGES).forEach(_ -> outbox.say(rejects));
        assertThat(backlog.takenBytes()).isGreaterThan(Outbox.MAX_MESSAGES * 40);
    }

    @Test
    void what_was_read_is_given_back() {
        let(outbox, 60);
        long most = backlog.takenBytes();
        assertThat(most).isGreaterThan(900_000);
        IntStream.range(0, 60).forEach(_ -> assertThat(outbox.poll()).isNotNull());
        assertThat(backlog.takenBytes()).isZero();
        let(outbox, 60);
        assertThat(backlog.takenBytes()).isEqualTo(most);
    }

    @Test
    void nothing_is_kept_for_who_is_gone() {
        outbox.close();
        let(outbox, 1000);
        assertThat(backlog.takenBytes()).isZero();
    }
}
