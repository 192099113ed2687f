package dev.thistle.engine.peers;

import static dev.thistle.protocol.MalformedException.Rule.BAD_VALUE;
import static dev.thistle.protocol.MalformedException.Rule.TOO_LARGE;

import dev.thistle.engine.peers.PeerEvent.Utterance;
import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.metainfo.MetainfoReader;
import dev.thistle.protocol.peer.ExtendedHandshake;
import dev.thistle.protocol.peer.Extension;
import dev.thistle.protocol.peer.ExtensionMessage;
import dev.thistle.protocol.peer.PeerMessage;
import dev.thistle.protocol.peer.PeerMessageCodec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/// Cuts a received stream into messages and keeps of each what the torrent needs, so that the
/// receive buffer can be used again. Blocks are handed over at once, from where they were received.
/// Messages that nobody here reads and blocks that nobody asked for are passed over as they stream
/// in, however long, so only the bitfield of a very large torrent takes a buffer of its own. One
/// reader belongs to one connection.
final class IncomingFrames {

    /// Takes a block out of the receive buffer.
    interface BlockTaker<X extends IOException> {
        Utterance take(int piece, int begin, ByteBuffer data) throws X;
    }

    /// Knows at the first bytes of a block whether it was asked for.
    interface BlockSieve {
        boolean isAsked(int piece, int begin, int lengthBytes);
    }

    private static final int BITFIELD = 5;
    private static final int PIECE = 7;
    private static final int EXTENDED = 20;

    /// Length, id and the number of the extension.
    private static final int EXTENDED_HEAD_BYTES = 6;

    /// Of a block: length, id, piece and begin come before its bytes.
    private static final int PIECE_HEAD_BYTES = 13;

    private static final int EXTENDED_HANDSHAKE = 0;

    /// Instead of a number of pieces while nobody knows it (BEP 9): then a peer may claim any piece
    /// that a torrent can have.
    static final int UNKNOWN = -1;

    private final BlockSieve sieve;
    private int pieceCount;

    /// Bytes still to come of a message that is passed over.
    private int passing;

    IncomingFrames(int pieceCount, BlockSieve sieve) {
        this.pieceCount = pieceCount;
        this.sieve = sieve;
    }

    /// The number of pieces has become known.
    void know(int pieces) {
        pieceCount = pieces;
    }

    /// Reads all whole messages from `in`, which is flipped, and leaves the rest.
    <X extends IOException> List<Utterance> read(ByteBuffer in, BlockTaker<X> blocks)
            throws MalformedException, X {
        var heard = new ArrayList<Utterance>();
        int limit = in.limit();
        while (true) {
            pass(in);
            int bytes = PeerMessageCodec.frameBytes(in);
            if (bytes == 0) {
                return heard;
            }
            if (isUnaskedBlock(in, bytes)) {
                heard.add(new Utterance.Unasked(bytes - PIECE_HEAD_BYTES));
                passing = bytes;
                continue;
            }
            if (bytes > in.remaining()) {
                if (!isOfUse(in, bytes - PeerMessageCodec.PREFIX_BYTES - 1)) {
                    passing = bytes;
                    continue;
                }
                return heard;
            }
            int end = in.position() + bytes;
            in.limit(end).position(in.position() + PeerMessageCodec.PREFIX_BYTES);
            PeerMessage message = PeerMessageCodec.decode(in);
            in.limit(limit).position(end);
            hear(message, heard, blocks);
        }
    }

    /// Whether a block has begun of which enough is here to see that nobody asked for it. Numbers
    /// that no block can have are left to the codec.
    private boolean isUnaskedBlock(ByteBuffer in, int frameBytes) {
        int at = in.position() + PeerMessageCodec.PREFIX_BYTES;
        if (frameBytes < PIECE_HEAD_BYTES
                || in.remaining() < PIECE_HEAD_BYTES
                || in.get(at) != PIECE) {
            return false;
        }
        int piece = in.getInt(at + 1);
        int begin = in.getInt(at + 1 + Integer.BYTES);
        return piece >= 0
                && begin >= 0
                && !sieve.isAsked(piece, begin, frameBytes - PIECE_HEAD_BYTES);
    }

    private void pass(ByteBuffer in) {
        int passed = Math.min(passing, in.remaining());
        in.position(in.position() + passed);
        passing -= passed;
    }

    /// Looks at a message that has begun: shall it be waited for? Refuses what would be refused
    /// when it is there.
    ///
    /// @param payloadBytes what follows its id
    private boolean isOfUse(ByteBuffer in, int payloadBytes) throws MalformedException {
        int at = in.position() + PeerMessageCodec.PREFIX_BYTES;
        int id = Byte.toUnsignedInt(in.get(at));
        if (id == BITFIELD) {
            requireBitfield(payloadBytes);
        } else if (id == EXTENDED && in.limit() > at + 1) {
            int extensionId = Byte.toUnsignedInt(in.get(at + 1));
            if (extensionId == EXTENDED_HANDSHAKE) {
                requireModest("extended-handshake", payloadBytes - 1, BufferPool.BUFFER_BYTES);
            } else {
                Optional<Extension> extension = Extension.ofId(extensionId);
                if (extension.isEmpty()) {
                    return false;
                }
                requireModest(
                        extension.get().wireName(), payloadBytes - 1, extension.get().maxBytes());
            }
        }
        return PeerMessageCodec.isKnown(id);
    }

    private static void requireModest(String what, int bytes, int allowed)
            throws MalformedException {
        if (bytes > allowed) {
            throw new MalformedException(
                    TOO_LARGE,
                    what + ".length",
                    0,
                    "%d, allowed at most %d bytes".formatted(bytes, allowed));
        }
    }

    private <X extends IOException> void hear(
            PeerMessage message, List<Utterance> heard, BlockTaker<X> blocks)
            throws MalformedException, X {
        switch (message) {
            case PeerMessage.Piece(int piece, int begin, ByteBuffer data) ->
                    heard.add(blocks.take(piece, begin, data));
            case PeerMessage.Bitfield(ByteBuffer bits) ->
                    heard.add(new Utterance.HasPieces(pieces(bits)));
            case PeerMessage.HaveAll() -> heard.add(new Utterance.HasAll());
            case PeerMessage.HaveNone() -> heard.add(new Utterance.HasPieces(new BitSet()));
            case PeerMessage.Have(int piece) -> {
                requirePiece("have.piece", piece);
                heard.add(new Utterance.Said(message));
            }
            case PeerMessage.Extended(int id, ByteBuffer payload) -> {
                Optional<Extension> extension = Extension.ofId(id);
                if (id == EXTENDED_HANDSHAKE) {
                    heard.add(new Utterance.Introduced(ExtendedHandshake.decode(payload)));
                } else if (extension.isPresent()) {
                    requireModest(
                            extension.get().wireName(),
                            payload.remaining(),
                            extension.get().maxBytes());
                    heard.add(
                            new Utterance.Told(ExtensionMessage.decode(extension.get(), payload)));
                }
            }
            case PeerMessage.Request(int piece, _, _) -> {
                requirePiece("request.piece", piece);
                heard.add(new Utterance.Said(message));
            }
            case PeerMessage.Choke _,
                    PeerMessage.Unchoke _,
                    PeerMessage.Interested _,
                    PeerMessage.NotInterested _,
                    PeerMessage.Cancel _,
                    PeerMessage.RejectRequest _,
                    PeerMessage.HashRequest _,
                    PeerMessage.Hashes _,
                    PeerMessage.HashReject _ ->
                    heard.add(new Utterance.Said(message));
            case PeerMessage.AllowedFast(int piece) -> {
                if (piece < pieceLimit()) { // BEP 6 does not say what one beyond means
                    heard.add(new Utterance.Said(message));
                }
            }
            case PeerMessage.KeepAlive _,
                    PeerMessage.Port _,
                    PeerMessage.SuggestPiece _,
                    PeerMessage.Unknown _ -> {} // hints that this engine does not take
        }
    }

    /// May come at any time and again: BEP 3 wants it first, but clients that start from a magnet
    /// send it late, and aria2 1.36 sends a new one in place of many haves.
    private BitSet pieces(ByteBuffer bits) throws MalformedException {
        requireBitfield(bits.remaining());
        int limit = pieceCount == UNKNOWN ? bits.remaining() * 8 : pieceCount;
        var pieces = new BitSet(limit);
        for (int piece = 0; piece < limit; piece++) { // spare bits are not looked at
            int octet = bits.get(bits.position() + piece / 8);
            pieces.set(piece, (octet & (0x80 >> (piece % 8))) != 0);
        }
        return pieces;
    }

    private void requireBitfield(int bytes) throws MalformedException {
        int allowed = Math.ceilDiv(pieceCount, 8);
        if (pieceCount != UNKNOWN && bytes != allowed) { // else the codec's limit holds
            throw new MalformedException(
                    BAD_VALUE,
                    "bitfield.length",
                    0,
                    "%d, allowed %d bytes for %d pieces".formatted(bytes, allowed, pieceCount));
        }
    }

    private void requirePiece(String where, int piece) throws MalformedException {
        if (piece >= pieceLimit()) {
            throw new MalformedException(
                    BAD_VALUE, where, 0, "%d, allowed 0..%d".formatted(piece, pieceLimit() - 1));
        }
    }

    private int pieceLimit() {
        return pieceCount == UNKNOWN ? MetainfoReader.MAX_PIECES : pieceCount;
    }

    /// How long the message is that has begun in `in`, as far as that is worth waiting for; 0 if
    /// none has. Of an extension message the number of the extension comes first, of a block which
    /// one it is: then it may be passed over.
    int wantedBytes(ByteBuffer in) throws MalformedException {
        int bytes = PeerMessageCodec.frameBytes(in);
        if (bytes <= in.remaining()) {
            return bytes;
        }
        int headBytes =
                switch (Byte.toUnsignedInt(in.get(in.position() + PeerMessageCodec.PREFIX_BYTES))) {
                    case EXTENDED -> EXTENDED_HEAD_BYTES;
                    case PIECE -> PIECE_HEAD_BYTES;
                    default -> bytes;
                };
        return in.remaining() < headBytes ? Math.min(bytes, headBytes) : bytes;
    }
}
