package dev.thistle.e2e.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// From frames in a pcap to what each side said.
class ConversationsTest {

    private static final int SYN = 0x02;
    private static final int SYN_ACK = 0x12;
    private static final int ACK = 0x10;

    /// Close to the wrap, so that sequence numbers overflow within the conversation.
    private static final int CALLER_START = -3;

    private static final int CALLED_START = 1_000;

    @Test
    void puts_both_directions_together() throws IOException {
        var pcap = new Pcap(ByteOrder.LITTLE_ENDIAN);
        pcap.forth(SYN, CALLER_START, "");
        pcap.back(SYN_ACK, CALLED_START, "");
        pcap.forth(ACK, CALLER_START + 1, "hello ");
        pcap.back(ACK, CALLED_START + 1, "who is there");
        pcap.forth(ACK, CALLER_START + 7, "world");

        Conversation conversation = pcap.read().getFirst();

        assertThat(conversation.sent().text()).isEqualTo("hello world");
        assertThat(conversation.answered().text()).isEqualTo("who is there");
        assertThat(conversation.caller().getPort()).isEqualTo(40_000);
        assertThat(conversation.isWithPort(6881)).isTrue();
    }

    @Test
    void reads_both_byte_orders() throws IOException {
        var pcap = new Pcap(ByteOrder.BIG_ENDIAN);
        pcap.forth(SYN, 1, "");
        pcap.forth(ACK, 2, "x");
        assertThat(pcap.read().getFirst().sent().text()).isEqualTo("x");
    }

    @Test
    void a_second_connection_between_the_same_ends_is_another_conversation() throws IOException {
        var pcap = new Pcap(ByteOrder.LITTLE_ENDIAN);
        pcap.forth(SYN, 1, "");
        pcap.forth(ACK, 2, "first");
        pcap.forth(SYN, 500, "");
        pcap.forth(SYN, 500, "");
        pcap.forth(ACK, 501, "second");
        assertThat(pcap.read())
                .extracting(c -> c.sent().text())
                .containsExactlyInAnyOrder("first", "second");
    }

    @Test
    void nothing_is_known_after_a_gap() throws IOException {
        var pcap = new Pcap(ByteOrder.LITTLE_ENDIAN);
        pcap.forth(SYN, 1, "");
        pcap.forth(ACK, 2, "abc");
        pcap.forth(ACK, 7, "xyz");
        assertThat(pcap.read().getFirst().sent().text()).isEqualTo("abc");
    }

    /// However segments are cut, repeated and reordered, the text is the same.
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void order_and_repetition_do_not_matter(long seed) throws IOException {
        var random = new Random(seed);
        String text =
                random.ints(300, 'a', 'z' + 1)
                        .collect(
                                StringBuilder::new,
                                StringBuilder::appendCodePoint,
                                StringBuilder::append)
                        .toString();
        record Segment(int offset, String text) {}
        var segments = new ArrayList<Segment>();
        for (int at = 0; at < text.length(); ) {
            int end = Math.min(text.length(), at + 1 + random.nextInt(40));
            segments.add(new Segment(at, text.substring(at, end)));
            int early = Math.max(0, at - random.nextInt(20));
            segments.add(new Segment(early, text.substring(early, end)));
            at = end;
        }
        Collections.shuffle(segments, random);
        var pcap = new Pcap(ByteOrder.LITTLE_ENDIAN);
        pcap.forth(SYN, CALLER_START, "");
        segments.forEach(s -> pcap.forth(ACK, CALLER_START + 1 + s.offset(), s.text()));

        assertThat(pcap.read().getFirst().sent().text()).isEqualTo(text);
    }

    static LongStream seeds() {
        return LongStream.range(0, 50);
    }

    @Test
    void refuses_what_is_no_pcap() {
        var garbage = new PcapReader(new ByteArrayInputStream(new byte[24]));
        assertThatThrownBy(() -> garbage.forEach(_ -> {}))
                .isInstanceOf(IOException.class)
                .hasMessage("not a pcap: magic number 00000000");
    }

    @Test
    void ends_where_the_recorder_was_stopped() throws IOException {
        var pcap = new Pcap(ByteOrder.LITTLE_ENDIAN);
        pcap.forth(SYN, 1, "");
        pcap.forth(ACK, 2, "kept");
        int whole = pcap.bytes.position();
        pcap.forth(ACK, 6, "lost");
        pcap.bytes.position(whole + 30);
        assertThat(pcap.read().getFirst().sent().text()).isEqualTo("kept");
    }

    /// Writes frames of two hosts the way tcpdump does.
    private static final class Pcap {

        private final ByteBuffer bytes = ByteBuffer.allocate(1 << 20);

        private Pcap(ByteOrder order) {
            bytes.order(order);
            bytes.putInt(0xa1b2c3d4).putShort((short) 2).putShort((short) 4);
            bytes.putInt(0).putInt(0).putInt(262_144).putInt(1);
        }

        private void forth(int flags, int sequence, String text) {
            frame(1, 40_000, 2, 6881, flags, sequence, text);
        }

        private void back(int flags, int sequence, String text) {
            frame(2, 6881, 1, 40_000, flags, sequence, text);
        }

        private void frame(
                int from, int fromPort, int to, int toPort, int flags, int sequence, String text) {
            var frame = ByteBuffer.allocate(14 + 20 + 20 + text.length());
            frame.position(12).putShort((short) 0x0800);
            frame.put((byte) 0x45).put((byte) 0).putShort((short) (40 + text.length()));
            frame.position(14 + 9).put((byte) 6).position(14 + 12);
            frame.putInt(0x0a4d0000 + from).putInt(0x0a4d0000 + to);
            frame.putShort((short) fromPort).putShort((short) toPort).putInt(sequence).putInt(0);
            frame.put((byte) 0x50).put((byte) flags).position(14 + 40);
            frame.put(text.getBytes(StandardCharsets.ISO_8859_1)).flip();
            int length = frame.remaining();
            bytes.putInt(0).putInt(0).putInt(length).putInt(length).put(frame);
        }

        private List<Conversation> read() throws IOException {
            var conversations = new Conversations();
            var file = new ByteArrayInputStream(bytes.array(), 0, bytes.position());
            new PcapReader(file).forEach(conversations::add);
            return conversations.all();
        }
    }
}
