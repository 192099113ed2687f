package dev.thistle.engine.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.engine.peers.PeerEvent.Utterance;
import dev.thistle.engine.settings.BufferLimits;
import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.peer.Extension;
import dev.thistle.protocol.peer.ExtensionMessage;
import dev.thistle.protocol.peer.PeerMessage;
import dev.thistle.protocol.peer.PeerMessageCodec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class IncomingFramesTest {

    private static final int PIECES = 10;

    private final IncomingFrames frames = new IncomingFrames(PIECES, (_, _, _) -> true);

    private static ByteBuffer stream(PeerMessage... messages) {
        ByteBuffer out = ByteBuffer.allocate(300_000);
        for (PeerMessage message : messages) {
            PeerMessageCodec.encode(message, out);
        }
        return out.flip();
    }

    private static PeerMessage bitfield(int... octets) {
        ByteBuffer bits = ByteBuffer.allocate(octets.length);
        for (int octet : octets) {
            bits.put((byte) octet);
        }
        return new PeerMessage.Bitfield(bits.flip());
    }

    private List<Utterance> read(PeerMessage... messages) throws IOException {
        return frames.read(stream(messages), IncomingFramesTest::taken);
    }

    /// Stands for a block that was taken.
    private static Utterance taken(int piece, int begin, ByteBuffer data) {
        return new Utterance.Said(new PeerMessage.Cancel(piece, begin, data.remaining()));
    }

    private static BitSet pieces(int... pieces) {
        var set = new BitSet();
        for (int piece : pieces) {
            set.set(piece);
        }
        return set;
    }

    @Test
    void a_bitfield_tells_the_pieces_highest_bit_first_and_spare_bits_are_ignored()
            throws Exception {
        assertThat(read(bitfield(0b1010_0000, 0b0111_1111)))
                .containsExactly(new Utterance.HasPieces(pieces(0, 2, 9)));
    }

    @Test
    void a_bitfield_of_another_size_is_refused() {
        assertThatThrownBy(() -> read(bitfield(0xff)))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("1, allowed 2 bytes for 10 pieces");
        assertThatThrownBy(() -> read(bitfield(0, 0, 0))).isInstanceOf(MalformedException.class);
    }

    @Test
    void have_all_and_have_none_take_no_bitfield() throws Exception {
        assertThat(read(new PeerMessage.HaveAll())).containsExactly(new Utterance.HasAll());
        assertThat(
                        new IncomingFrames(PIECES, (_, _, _) -> true)
                                .read(
                                        stream(new PeerMessage.HaveNone()),
                                        IncomingFramesTest::taken))
                .containsExactly(new Utterance.HasPieces(pieces()));
    }

    /// aria2 1.36 sends a new bitfield in place of many haves.
    @Test
    void what_a_peer_has_may_be_told_again_and_after_haves() throws Exception {
        assertThat(read(new PeerMessage.Have(1), bitfield(0xc0, 0), bitfield(0xe0, 0)))
                .containsExactly(
                        new Utterance.Said(new PeerMessage.Have(1)),
                        new Utterance.HasPieces(pieces(0, 1)),
                        new Utterance.HasPieces(pieces(0, 1, 2)));
    }

    /// libtorrent's extended handshake comes before its bitfield.
    @Test
    void other_messages_may_come_before_the_bitfield() throws Exception {
        assertThat(
                        read(
                                new PeerMessage.Unchoke(),
                                new PeerMessage.Extended(0, ByteBuffer.wrap(new byte[] {'d', 'e'})),
                                new PeerMessage.AllowedFast(3),
                                bitfield(0, 0)))
                .hasSize(4);
    }

    @Test
    void a_piece_that_the_torrent_does_not_have_is_refused() throws Exception {
        assertThat(read(new PeerMessage.Have(9), new PeerMessage.Request(9, 0, 1))).hasSize(2);
        assertThatThrownBy(() -> read(new PeerMessage.Have(10)))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("have.piece at byte 0: 10, allowed 0..9");
        assertThatThrownBy(() -> read(new PeerMessage.Request(10, 0, 1)))
                .isInstanceOf(MalformedException.class);
    }

    @Test
    void hints_keep_alives_and_unknown_messages_are_skipped() throws Exception {
        ByteBuffer in = ByteBuffer.allocate(100);
        for (PeerMessage hint :
                List.of(
                        new PeerMessage.KeepAlive(),
                        new PeerMessage.Port(1),
                        new PeerMessage.SuggestPiece(1),
                        new PeerMessage.AllowedFast(PIECES),
                        new PeerMessage.Extended(77, ByteBuffer.allocate(3)))) {
            PeerMessageCodec.encode(hint, in);
        }
        in.putInt(3).put((byte) 99).putShort((short) 0).flip();
        assertThat(frames.read(in, IncomingFramesTest::taken)).isEmpty();
        assertThat(in.hasRemaining()).isFalse();
    }

    @Test
    void a_block_is_handed_over_where_it_was_received() throws Exception {
        ByteBuffer in =
                stream(
                        new PeerMessage.Choke(),
                        new PeerMessage.Piece(2, 16384, ByteBuffer.wrap(new byte[] {1, 2})),
                        new PeerMessage.Unchoke());
        List<Utterance> heard =
                frames.read(
                        in,
                        (piece, begin, data) -> {
                            assertThat(data.get(0)).isEqualTo((byte) 1);
                            return taken(piece, begin, data);
                        });
        assertThat(heard)
                .containsExactly(
                        new Utterance.Said(new PeerMessage.Choke()),
                        new Utterance.Said(new PeerMessage.Cancel(2, 16384, 2)),
                        new Utterance.Said(new PeerMessage.Unchoke()));
    }

    static LongStream seeds() {
        return LongStream.range(0, 100);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void the_outcome_does_not_depend_on_how_the_stream_is_cut(long seed) throws Exception {
        var random = new Random(seed);
        PeerMessage[] said = {
            bitfield(0xff, 0xc0),
            new PeerMessage.Unchoke(),
            new PeerMessage.KeepAlive(),
            new PeerMessage.Piece(1, 0, ByteBuffer.allocate(16384)),
            new PeerMessage.Extended(9, ByteBuffer.allocate(200_000)),
            new PeerMessage.Request(1, 0, 16384),
            new PeerMessage.Have(3)
        };
        ByteBuffer wire = stream(said);
        List<Utterance> heard = new ArrayList<>();
        var pool = new BufferPool(BufferLimits.DEFAULT, 0);
        var buffer = new ReceiveBuffer(pool, () -> false);
        ByteBuffer in = ByteBuffer.allocate(0);
        while (true) {
            heard.addAll(frames.read(in, IncomingFramesTest::taken));
            in = buffer.roomAfter(in, frames.wantedBytes(in), random.nextBoolean());
            assertThat(pool.use().longMessageBytes()).as("for the huge message").isZero();
            if (!wire.hasRemaining()) {
                break;
            }
            int most = 1 << random.nextInt(16);
            int count =
                    Math.min(Math.min(in.remaining(), wire.remaining()), 1 + random.nextInt(most));
            in.put(wire.slice(wire.position(), count));
            wire.position(wire.position() + count);
            in.flip();
        }
        assertThat(heard)
                .hasSize(5)
                .contains(new Utterance.Said(new PeerMessage.Cancel(1, 0, 16384)));
        buffer.close();
        assertThat(pool.use().heldBytes()).isZero();
    }

    /// Kinds that nobody here reads: an id of the future, and an extension that was not offered.
    @ParameterizedTest
    @ValueSource(ints = {99, 20})
    void a_hundred_connections_pass_a_mebibyte_of_no_use_without_memory_for_it(int id)
            throws Exception {
        var pool = new BufferPool(BufferLimits.DEFAULT, 0);
        for (int peer = 0; peer < 100; peer++) {
            var connection = new IncomingFrames(PIECES, (_, _, _) -> true);
            ByteBuffer in = ByteBuffer.allocate(0);
            var buffer = new ReceiveBuffer(pool, () -> false);
            ByteBuffer wire = ByteBuffer.allocate(1024 * 1024 + 100);
            wire.putInt(1024 * 1024).put((byte) id).put((byte) 77).position(1024 * 1024 + 4);
            PeerMessageCodec.encode(new PeerMessage.Have(3), wire);
            wire.flip();
            List<Utterance> heard = new ArrayList<>();
            while (wire.hasRemaining()) {
                in = buffer.roomAfter(in, connection.wantedBytes(in), false);
                int count = Math.min(in.remaining(), wire.remaining());
                in.put(wire.slice(wire.position(), count)).flip();
                wire.position(wire.position() + count);
                heard.addAll(connection.read(in, IncomingFramesTest::taken));
            }
            assertThat(heard).containsExactly(new Utterance.Said(new PeerMessage.Have(3)));
        }
        assertThat(pool.use().heldBytes()).as("beside what each has for itself").isZero();
    }

    @Test
    void a_bitfield_of_another_size_is_refused_before_it_is_there() {
        ByteBuffer in = ByteBuffer.allocate(100).putInt(200_001).put((byte) 5).flip();
        assertThatThrownBy(() -> frames.read(in, IncomingFramesTest::taken))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("200000, allowed 2 bytes for 10 pieces");
    }

    @Test
    void an_extended_handshake_larger_than_a_buffer_is_refused() {
        ByteBuffer in =
                ByteBuffer.allocate(100).putInt(200_002).put((byte) 20).put((byte) 0).flip();
        assertThatThrownBy(() -> frames.read(in, IncomingFramesTest::taken))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("extended-handshake.length")
                .hasMessageContaining("200000, allowed at most 131072 bytes");
    }

    @Test
    void a_frame_that_is_too_long_is_refused_before_a_buffer_is_made_for_it() {
        ByteBuffer in = ByteBuffer.allocate(100).putInt(1_048_579).flip();
        assertThatThrownBy(() -> frames.read(in, IncomingFramesTest::taken))
                .isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> frames.wantedBytes(in)).isInstanceOf(MalformedException.class);
    }

    @Test
    void before_the_number_of_pieces_is_known_all_claims_are_taken() throws Exception {
        var early = new IncomingFrames(IncomingFrames.UNKNOWN, (_, _, _) -> true);
        PeerMessage[] claims = {
            bitfield(0x80, 0, 0, 1), new PeerMessage.HaveAll(), new PeerMessage.Have(2_000_000)
        };
        assertThat(early.read(stream(claims), IncomingFramesTest::taken))
                .containsExactly(
                        new Utterance.HasPieces(pieces(0, 31)),
                        new Utterance.HasAll(),
                        new Utterance.Said(new PeerMessage.Have(2_000_000)));
        assertThatThrownBy(() ->
                        early.read(
                                stream(new PeerMessage.Have(1 << 21)), IncomingFramesTest::taken))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("have.piece at byte 0: 2097152, allowed 0..2097151");
        early.know(PIECES);
        assertThatThrownBy(() ->
                        early.read(stream(new PeerMessage.Have(PIECES)), IncomingFramesTest::taken))
                .isInstanceOf(MalformedException.class);
    }

    @Test
    void extension_messages_that_we_offer_are_read_by_our_ids() throws Exception {
        var lost = new ExtensionMessage.DontHave(3);
        assertThat(read(new PeerMessage.Extended(Extension.LT_DONTHAVE.id(), lost.encode())))
                .containsExactly(new Utterance.Told(lost));
    }

    @Test
    void an_extension_message_longer_than_its_kind_allows_is_refused_before_it_is_there() {
        ByteBuffer in = ByteBuffer.allocate(100).putInt(100_002).put((byte) 20);
        in.put((byte) Extension.UT_PEX.id()).flip();
        assertThatThrownBy(() -> frames.read(in, IncomingFramesTest::taken))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("ut_pex.length at byte 0: 100000, allowed at most 65536");
    }

    @Test
    void a_block_that_nobody_asked_for_is_passed_over_however_it_is_cut_and_the_next_is_taken()
            throws Exception {
        for (int cut = 1; cut <= 20_000; cut = cut < 40 ? cut + 1 : cut * 2) {
            var pool = new BufferPool(BufferLimits.DEFAULT, 0);
            var buffer = new ReceiveBuffer(pool, () -> false);
            var picky = new IncomingFrames(PIECES, (piece, _, _) -> piece == 2);
            ByteBuffer wire =
                    stream(
                            new PeerMessage.Piece(1, 16384, ByteBuffer.allocate(16384)),
                            new PeerMessage.Piece(2, 0, ByteBuffer.allocate(5)));
            var heard = new ArrayList<Utterance>();
            ByteBuffer in = ByteBuffer.allocate(0);
            while (wire.hasRemaining()) {
                in = buffer.roomAfter(in, picky.wantedBytes(in), false);
                int count = Math.min(Math.min(in.remaining(), wire.remaining()), cut);
                in.put(wire.slice(wire.position(), count)).flip();
                wire.position(wire.position() + count);
                heard.addAll(picky.read(in, IncomingFramesTest::taken));
                assertThat(pool.use().heldBytes()).as("memory for it").isZero();
            }
            assertThat(heard)
                    .containsExactly(
                            new Utterance.Unasked(16384),
                            new Utterance.Said(new PeerMessage.Cancel(2, 0, 5)));
        }
    }

    @Test
    void a_block_with_numbers_that_no_block_has_is_refused_although_nobody_asked_for_it() {
        var picky = new IncomingFrames(PIECES, (_, _, _) -> false);
        for (ByteBuffer in :
                List.of(
                        ByteBuffer.allocate(13).putInt(9).put((byte) 7).putInt(-1).putInt(0),
                        ByteBuffer.allocate(13).putInt(9).put((byte) 7).putInt(0).putInt(-1),
                        ByteBuffer.allocate(12).putInt(8).put((byte) 7).putInt(0).position(12))) {
            assertThatThrownBy(() -> picky.read(in.flip(), IncomingFramesTest::taken))
                    .isInstanceOf(MalformedException.class);
        }
    }
}
