package dev.thistle.engine.peers;

import static dev.thistle.protocol.MalformedException.Rule.BAD_VALUE;

import dev.thistle.engine.peers.PeerEvent.Utterance;
import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.peer.ExtendedHandshake;
import dev.thistle.protocol.peer.PeerMessage;
import dev.thistle.protocol.peer.PeerMessageCodec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// Cuts a received stream into messages and keeps of each what the torrent needs, so that the
/// receive buffer can be used again. Blocks are handed over at once, from where they were received.
/// One reader belongs to one connection.
final class IncomingFrames {

    /// Takes a block out of the receive buffer.
    interface BlockTaker<X extends IOException> {
        Utterance take(int piece, int begin, ByteBuffer data) throws X;
    }

    private final int pieceCount;

    IncomingFrames(int pieceCount) {
        this.pieceCount = pieceCount;
    }

    /// Reads all whole messages from `in`, which is flipped, and leaves the rest.
    <X extends IOException> List<Utterance> read(ByteBuffer in, BlockTaker<X> blocks)
            throws MalformedException, X {
        var heard = new ArrayList<Utterance>();
        int limit = in.limit();
        while (true) {
            int bytes = PeerMessageCodec.frameBytes(in);
            if (bytes == 0 || bytes > in.remaining()) {
                return heard;
            }
            int end = in.position() + bytes;
            in.limit(end).position(in.position() + PeerMessageCodec.PREFIX_BYTES);
            PeerMessage message = PeerMessageCodec.decode(in);
            in.limit(limit).position(end);
            hear(message, heard, blocks);
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
            case PeerMessage.HaveAll() -> {
                var all = new BitSet(pieceCount);
                all.set(0, pieceCount);
                heard.add(new Utterance.HasPieces(all));
            }
            case PeerMessage.HaveNone() -> heard.add(new Utterance.HasPieces(new BitSet()));
            case PeerMessage.Have(int piece) -> {
                requirePiece("have.piece", piece);
                heard.add(new Utterance.Said(message));
            }
            case PeerMessage.Extended(int id, ByteBuffer payload) -> {
                if (id == 0) {
                    heard.add(new Utterance.Introduced(ExtendedHandshake.decode(payload)));
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
                    PeerMessage.RejectRequest _ ->
                    heard.add(new Utterance.Said(message));
            case PeerMessage.KeepAlive _,
                    PeerMessage.Port _,
                    PeerMessage.SuggestPiece _,
                    PeerMessage.AllowedFast _,
                    PeerMessage.Unknown _ -> {} // hints that this engine does not take
        }
    }

    /// May come at any time and again: BEP 3 wants it first, but clients that start from a magnet
    /// send it late, and aria2 1.36 sends a new one in place of many haves.
    private BitSet pieces(ByteBuffer bits) throws MalformedException {
        int allowed = Math.ceilDiv(pieceCount, 8);
        if (bits.remaining() != allowed) {
            throw new MalformedException(
                    BAD_VALUE,
                    "bitfield.length",
                    0,
                    "%d, allowed %d bytes for %d pieces"
                            .formatted(bits.remaining(), allowed, pieceCount));
        }
        var pieces = new BitSet(pieceCount);
        for (int piece = 0; piece < pieceCount; piece++) { // spare bits are not looked at
            int octet = bits.get(bits.position() + piece / 8);
            pieces.set(piece, (octet & (0x80 >> (piece % 8))) != 0);
        }
        return pieces;
    }

    private void requirePiece(String where, int piece) throws MalformedException {
        if (piece >= pieceCount) {
            throw new MalformedException(
                    BAD_VALUE, where, 0, "%d, allowed 0..%d".formatted(piece, pieceCount - 1));
        }
    }

    /// Prepares `in` for the next read: what is left moves to the front, and a buffer too small for
    /// the message that has begun is replaced.
    ByteBuffer makeRoom(ByteBuffer in) throws MalformedException {
        int bytes = PeerMessageCodec.frameBytes(in);
        if (bytes <= in.capacity()) {
            return in.compact();
        }
        return ByteBuffer.allocateDirect(bytes).put(in);
    }
}
