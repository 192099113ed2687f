package dev.thistle.isp.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.isp.packet.Conversation;
import dev.thistle.isp.packet.Endpoint;
import dev.thistle.isp.packet.Packet;
import dev.thistle.isp.packet.Packets;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FlowTableTest {

    private static final Endpoint CLIENT = Packets.endpoint("10.64.0.1", 40_000);
    private static final Endpoint SERVER = Packets.endpoint("10.128.0.1", 80);
    private static final byte[] NOTHING = {};

    private final List<Flow> forgotten = new ArrayList<>();
    private final FlowTable table = new FlowTable(forgotten::add);

    private Flow see(List<Packet> packets) {
        Flow flow = null;
        for (Packet packet : packets) {
            flow = table.observe(packet);
        }
        if (flow == null) {
            throw new AssertionError("no packets");
        }
        return flow;
    }

    private static String text(ByteBuffer bytes) {
        return StandardCharsets.US_ASCII.decode(bytes).toString();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void a_flow_knows_who_called_and_what_each_end_said() {
        var talk = new Conversation("10.64.0.1", 40_000, "10.128.0.1", 80);
        see(talk.open());
        see(talk.say(ascii("hello"), 2));
        Flow flow = see(talk.answer(ascii("well, hello")));

        assertThat(flow.client()).hasToString("10.64.0.1:40000");
        assertThat(flow.server()).hasToString("10.128.0.1:80");
        assertThat(flow.sawStart()).isTrue();
        assertThat(flow.handshakeDone()).isTrue();
        assertThat(flow.packets()).isEqualTo(7);
        assertThat(flow.payloadBytes()).isEqualTo(16);
        assertThat(text(flow.fromClient().prefix())).isEqualTo("hello");
        assertThat(text(flow.fromServer().prefix())).isEqualTo("well, hello");
        assertThat(flow.fromServer().prefixBytesBefore()).isZero();
        assertThat(flow.fromClient().prefixBytesBefore()).isEqualTo(4);
    }

    @Test
    void a_flow_under_way_has_no_start_and_a_syn_ack_names_its_caller() {
        Flow midstream = table.observe(Packets.tcp(1, CLIENT, SERVER, Packet.ACK, 5, ascii("x")));
        assertThat(midstream.sawStart()).isFalse();
        assertThat(midstream.client()).isEqualTo(CLIENT);
        assertThat(midstream.handshakeDone()).isFalse();

        Endpoint other = Packets.endpoint("10.64.0.1", 40_001);
        Flow answered =
                table.observe(Packets.tcp(1, SERVER, other, Packet.SYN | Packet.ACK, 5, NOTHING));
        assertThat(answered.client()).isEqualTo(other);
        assertThat(answered.sawStart()).isFalse();
    }

    @Test
    void a_handshake_is_done_with_the_callers_second_word() {
        var packets = new Conversation("10.64.0.1", 40_000, "10.128.0.1", 80).open();
        assertThat(table.observe(packets.get(0)).handshakeDone()).isFalse();
        assertThat(table.observe(packets.get(1)).handshakeDone()).isFalse();
        assertThat(table.observe(packets.get(0)).handshakeDone()).as("SYN again").isFalse();
        assertThat(table.observe(packets.get(2)).handshakeDone()).isTrue();
        assertThat(table.observe(packets.get(0)).handshakeDone()).as("SYN, late").isTrue();
        assertThat(forgotten).isEmpty();
    }

    @Test
    void a_syn_sent_again_after_data_is_the_same_flow_and_one_with_another_number_is_not() {
        var talk = new Conversation("10.64.0.1", 40_000, "10.128.0.1", 80);
        List<Packet> opening = talk.open();
        see(opening);
        Flow flow = see(talk.say(ascii("hello")));
        assertThat(table.observe(opening.getFirst())).isSameAs(flow);

        Packet first = opening.getFirst();
        Flow next =
                table.observe(
                        Packets.tcp(9, first.source(), first.target(), Packet.SYN, 77, NOTHING));
        assertThat(next).isNotSameAs(flow);
        assertThat(forgotten).containsExactly(flow);
        assertThat(next.fromClient().nextSequence()).isEqualTo(78);
    }

    @Test
    void what_comes_next_is_known_and_forged_resets_do_not_change_it() {
        Flow flow = table.observe(Packets.tcp(1, CLIENT, SERVER, Packet.SYN, -3, NOTHING));
        table.observe(Packets.tcp(2, CLIENT, SERVER, Packet.ACK, -2, ascii("abcd")));
        assertThat(flow.fromClient().nextSequence()).isEqualTo(2);

        table.observe(Packets.tcp(3, CLIENT, SERVER, Packet.RST, 90_000, NOTHING));
        table.observe(Packets.tcp(3, CLIENT, SERVER, Packet.ACK, -2, ascii("abcd")));
        assertThat(flow.fromClient().nextSequence()).isEqualTo(2);

        table.observe(Packets.tcp(4, CLIENT, SERVER, Packet.FIN | Packet.ACK, 2, NOTHING));
        assertThat(flow.fromClient().nextSequence()).isEqualTo(3);
    }

    @Test
    void datagrams_are_a_flow_too() {
        table.observe(Packets.udp(1, CLIENT, SERVER, ascii("one")));
        Flow flow = table.observe(Packets.udp(2, CLIENT, SERVER, ascii("two")));
        assertThat(text(flow.fromClient().prefix())).isEqualTo("onetwo");
        assertThat(flow.sawStart()).isTrue();
    }

    @Test
    void the_silent_are_forgotten_when_others_come() {
        Flow silent = table.observe(Packets.udp(0, CLIENT, SERVER, NOTHING));
        long later = FlowTable.SILENCE.toNanos();
        Endpoint other = Packets.endpoint("10.64.0.2", 1);
        table.observe(Packets.udp(later, other, SERVER, NOTHING));
        assertThat(forgotten).isEmpty();
        table.observe(Packets.udp(later + 1, Packets.endpoint("10.64.0.3", 1), SERVER, NOTHING));
        assertThat(forgotten).containsExactly(silent);
    }

    @Test
    void the_table_is_bounded() {
        for (int k = 0; k <= FlowTable.MAX_FLOWS + 9; k++) {
            Endpoint one = Packets.endpoint("10.64.%d.1".formatted(k >> 14), k & 0x3FFF);
            table.observe(Packets.udp(k, one, SERVER, NOTHING));
        }
        assertThat(forgotten).hasSize(10);
        table.close();
        assertThat(forgotten).hasSize(FlowTable.MAX_FLOWS + 10);
    }
}
