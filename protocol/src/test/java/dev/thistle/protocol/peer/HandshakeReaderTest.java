package dev.thistle.protocol.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.PeerId;
import dev.thistle.protocol.peer.HandshakeReader.Next;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HandshakeReaderTest {

    private static final Handshake HELLO =
            new Handshake(
                    Handshake.EXTENDED | Handshake.FAST,
                    InfoHash.ofHex("aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d"),
                    PeerId.random("-XX0100-", new Random(1)));

    private static byte[] bytes(Handshake handshake) {
        ByteBuffer bytes = ByteBuffer.allocate(Handshake.BYTES);
        handshake.writeTo(bytes);
        return bytes.array();
    }

    static LongStream seeds() {
        return LongStream.range(0, 500);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void the_outcome_does_not_depend_on_how_the_stream_is_cut(long seed) throws Exception {
        var random = new Random(seed);
        ByteBuffer in = ByteBuffer.allocate(100).put(bytes(HELLO)).put(new byte[32]).flip();
        in.limit(0);
        var reader = new HandshakeReader();
        List<Next> told = new ArrayList<>();
        Next next = reader.receive(in);
        while (!(next instanceof Next.Greeted)) {
            switch (next) {
                case Next.Read(int bytes) -> {
                    assertThat(bytes).isPositive();
                    in.limit(Math.min(100, in.limit() + 1 + random.nextInt(bytes + 5)));
                }
                case Next.Asked asked -> told.add(asked);
                case Next.Greeted _ -> throw new AssertionError("unreachable");
            }
            next = reader.receive(in);
        }
        told.add(next);
        assertThat(told)
                .containsExactly(
                        new Next.Asked(HELLO.infoHash(), HELLO.reserved()),
                        new Next.Greeted(HELLO));
        assertThat(in.position()).as("bytes consumed").isEqualTo(68);
    }

    @Test
    void the_info_hash_is_known_at_48_bytes_and_not_before() throws Exception {
        var reader = new HandshakeReader();
        ByteBuffer in = ByteBuffer.wrap(bytes(HELLO)).limit(47);
        assertThat(reader.receive(in)).isEqualTo(new Next.Read(1));
        assertThat(in.position()).isZero();
        in.limit(48);
        assertThat(reader.receive(in))
                .isEqualTo(new Next.Asked(HELLO.infoHash(), HELLO.reserved()));
        assertThat(reader.receive(in)).isEqualTo(new Next.Read(20));
    }

    @ParameterizedTest(name = "byte {0}")
    @ValueSource(ints = {0, 1, 7, 19})
    void a_wrong_header_is_refused_at_its_first_wrong_byte(int wrong) throws Exception {
        byte[] stream = bytes(HELLO);
        stream[wrong] ^= 0x20;
        var reader = new HandshakeReader();
        ByteBuffer in = ByteBuffer.wrap(stream).limit(wrong);
        assertThat(reader.receive(in)).isEqualTo(new Next.Read(48 - wrong));
        in.limit(wrong + 1);
        assertThatThrownBy(() -> reader.receive(in))
                .isInstanceOf(MalformedException.class)
                .hasMessage(
                        "handshake.protocol at byte %d: byte 0x%02x, allowed only 0x13 and"
                                + " 'BitTorrent protocol' (BAD_VALUE)",
                        wrong, stream[wrong]);
    }

    @Test
    void a_handshake_is_read_once() throws Exception {
        var reader = new HandshakeReader();
        ByteBuffer in = ByteBuffer.wrap(bytes(HELLO));
        var _ = reader.receive(in);
        var _ = reader.receive(in);
        assertThatThrownBy(() -> reader.receive(in)).isInstanceOf(IllegalStateException.class);
    }

    static Stream<PeerWireCaptures.Frame> handshakes() {
        return PeerWireCaptures.handshakes();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("handshakes")
    void handshakes_of_libtorrent_are_read_and_written_alike(PeerWireCaptures.Frame captured)
            throws Exception {
        var reader = new HandshakeReader();
        ByteBuffer in = captured.bytes().asBuffer();
        var _ = reader.receive(in);
        Next next = reader.receive(in);
        assertThat(next)
                .isInstanceOfSatisfying(
                        Next.Greeted.class,
                        greeted -> {
                            Handshake handshake = greeted.handshake();
                            assertThat(handshake.supports(Handshake.EXTENDED)).isTrue();
                            assertThat(handshake.supports(Handshake.FAST)).isTrue();
                            assertThat(bytes(handshake)).isEqualTo(captured.bytes().bytes());
                        });
    }
}
