package dev.thistle.protocol.peer;

import static dev.thistle.protocol.MalformedException.Rule.BAD_VALUE;
import static dev.thistle.protocol.MalformedException.Rule.TOO_LARGE;
import static dev.thistle.protocol.MalformedException.Rule.TRUNCATED;

import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.peer.PeerMessage.AllowedFast;
import dev.thistle.protocol.peer.PeerMessage.Bitfield;
import dev.thistle.protocol.peer.PeerMessage.Cancel;
import dev.thistle.protocol.peer.PeerMessage.Choke;
import dev.thistle.protocol.peer.PeerMessage.Extended;
import dev.thistle.protocol.peer.PeerMessage.HashReject;
import dev.thistle.protocol.peer.PeerMessage.HashRequest;
import dev.thistle.protocol.peer.PeerMessage.Hashes;
import dev.thistle.protocol.peer.PeerMessage.Have;
import dev.thistle.protocol.peer.PeerMessage.HaveAll;
import dev.thistle.protocol.peer.PeerMessage.HaveNone;
import dev.thistle.protocol.peer.PeerMessage.Interested;
import dev.thistle.protocol.peer.PeerMessage.KeepAlive;
import dev.thistle.protocol.peer.PeerMessage.NotInterested;
import dev.thistle.protocol.peer.PeerMessage.Piece;
import dev.thistle.protocol.peer.PeerMessage.Port;
import dev.thistle.protocol.peer.PeerMessage.RejectRequest;
import dev.thistle.protocol.peer.PeerMessage.Request;
import dev.thistle.protocol.peer.PeerMessage.SuggestPiece;
import dev.thistle.protocol.peer.PeerMessage.Unchoke;
import dev.thistle.protocol.peer.PeerMessage.Unknown;
import java.nio.ByteBuffer;

/// Turns [PeerMessage]s into bytes and back. Stateless; big-endian throughout.
///
///     0            4    5
///     | length (4) | id | payload (length - 1) |       length 0: keep-alive
public final class PeerMessageCodec {

    /// What everybody asks for at once; larger requests are refused by every current client.
    public static final int BLOCK_BYTES = 16 * 1024;

    /// A request above this is an attack, not an old client: some asked for 128 KiB once.
    public static final int MAX_REQUEST_BYTES = 128 * 1024;

    /// The largest bitfield: 2^21 pieces is the most a torrent may have.
    private static final int MAX_BITFIELD_BYTES = (1 << 21) / 8;

    /// An extension message may carry a long dictionary; libtorrent refuses more too.
    private static final int MAX_EXTENDED_BYTES = 1024 * 1024;

    /// What the largest hash request can be answered with.
    private static final int MAX_HASHES = HashRange.MAX_LENGTH + HashRange.MAX_PROOF_LAYERS;

    /// Message ids that this build does not know are skipped up to this size.
    private static final int MAX_UNKNOWN_BYTES = 1024 * 1024;

    /// Bytes of a piece message before its data: id, piece, begin.
    private static final int PIECE_HEAD_BYTES = 9;

    /// Length prefix and id: what [#frameBytes] wants to see.
    public static final int PREFIX_BYTES = Integer.BYTES;

    private PeerMessageCodec() {}

    /// How many bytes the frame at `in`'s position takes, its length prefix included; 0 if the
    /// prefix and the id are not there yet. Refuses a length that its id does not allow, before
    /// anything is stored for it. `in` does not move.
    public static int frameBytes(ByteBuffer in) throws MalformedException {
        if (in.remaining() < PREFIX_BYTES) {
            return 0;
        }
        int length = in.getInt(in.position());
        if (length == 0) {
            return PREFIX_BYTES;
        }
        if (in.remaining() < PREFIX_BYTES + 1) {
            if (length < 0 || length > MAX_EXTENDED_BYTES + 2) {
                throw tooLong("message.length", length, MAX_EXTENDED_BYTES + 2);
            }
            return 0;
        }
        int id = Byte.toUnsignedInt(in.get(in.position() + PREFIX_BYTES));
        int max = maxLength(id);
        if (length < 0 || length > max) {
            throw tooLong("message(%d).length".formatted(id), length, max);
        }
        return PREFIX_BYTES + length;
    }

    /// Does this id stand for anything but [Unknown]?
    ///
    /// @param id 0 to 255
    public static boolean isKnown(int id) {
        return switch (id) {
            case 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 14, 15, 16, 17, 20, 21, 22, 23 -> true;
            default -> false;
        };
    }

    private static int maxLength(int id) {
        return switch (id) {
            case 0, 1, 2, 3, 14, 15 -> 1;
            case 4, 13, 17 -> 5;
            case 5 -> 1 + MAX_BITFIELD_BYTES;
            case 6, 8, 16 -> 13;
            case 7 -> PIECE_HEAD_BYTES + BLOCK_BYTES;
            case 9 -> 3;
            case 20 -> 2 + MAX_EXTENDED_BYTES;
            case 21, 23 -> 1 + HashRange.BYTES;
            case 22 -> 1 + HashRange.BYTES + MAX_HASHES * HashRange.HASH_BYTES;
            default -> MAX_UNKNOWN_BYTES;
        };
    }

    /// Reads one message from `frame`, which holds exactly the bytes after the length prefix.
    /// Numbers are checked as far as they can be without the torrent: nothing negative, blocks not
    /// longer than the limits above.
    public static PeerMessage decode(ByteBuffer frame) throws MalformedException {
        if (!frame.hasRemaining()) {
            return new KeepAlive();
        }
        int start = frame.position();
        int id = Byte.toUnsignedInt(frame.get());
        PeerMessage message =
                switch (id) {
                    case 0 -> new Choke();
                    case 1 -> new Unchoke();
                    case 2 -> new Interested();
                    case 3 -> new NotInterested();
                    case 4 -> new Have(number(frame, start, "have.piece"));
                    case 5 -> new Bitfield(rest(frame));
                    case 6 ->
                            new Request(
                                    number(frame, start, "request.piece"),
                                    number(frame, start, "request.begin"),
                                    blockLength(frame, start, "request.length"));
                    case 7 -> {
                        int piece = number(frame, start, "piece.piece");
                        int begin = number(frame, start, "piece.begin");
                        if (frame.remaining() > BLOCK_BYTES) {
                            throw tooLong("piece.data", frame.remaining(), BLOCK_BYTES);
                        }
                        yield new Piece(piece, begin, rest(frame));
                    }
                    case 8 ->
                            new Cancel(
                                    number(frame, start, "cancel.piece"),
                                    number(frame, start, "cancel.begin"),
                                    blockLength(frame, start, "cancel.length"));
                    case 9 -> new Port(port(frame, start));
                    case 13 -> new SuggestPiece(number(frame, start, "suggest.piece"));
                    case 14 -> new HaveAll();
                    case 15 -> new HaveNone();
                    case 16 ->
                            new RejectRequest(
                                    number(frame, start, "reject.piece"),
                                    number(frame, start, "reject.begin"),
                                    blockLength(frame, start, "reject.length"));
                    case 17 -> new AllowedFast(number(frame, start, "allowed-fast.piece"));
                    case 20 -> new Extended(extensionId(frame, start), rest(frame));
                    case 21 -> new HashRequest(HashRange.read(frame, start, "hash-request"));
                    case 22 ->
                            new Hashes(
                                    HashRange.read(frame, start, "hashes"),
                                    HashRange.readHashes(frame, start));
                    case 23 -> new HashReject(HashRange.read(frame, start, "hash-reject"));
                    default -> new Unknown(id, rest(frame).remaining());
                };
        if (frame.hasRemaining()) {
            throw new MalformedException(
                    TOO_LARGE,
                    "message(%d)".formatted(id),
                    frame.position() - start,
                    "%d bytes after its end".formatted(frame.remaining()));
        }
        return message;
    }

    private static int number(ByteBuffer frame, int start, String where) throws MalformedException {
        require(frame, start, Integer.BYTES, where);
        int value = frame.getInt();
        if (value < 0) {
            throw new MalformedException(
                    TOO_LARGE,
                    where,
                    frame.position() - start - Integer.BYTES,
                    "%d, allowed 0..2147483647".formatted(Integer.toUnsignedLong(value)));
        }
        return value;
    }

    private static int blockLength(ByteBuffer frame, int start, String where)
            throws MalformedException {
        int length = number(frame, start, where);
        if (length < 1 || length > MAX_REQUEST_BYTES) {
            throw new MalformedException(
                    BAD_VALUE,
                    where,
                    frame.position() - start - Integer.BYTES,
                    "%d, allowed 1..%d bytes".formatted(length, MAX_REQUEST_BYTES));
        }
        return length;
    }

    private static int port(ByteBuffer frame, int start) throws MalformedException {
        require(frame, start, Short.BYTES, "port.port");
        return Short.toUnsignedInt(frame.getShort());
    }

    private static int extensionId(ByteBuffer frame, int start) throws MalformedException {
        require(frame, start, 1, "extended.id");
        return Byte.toUnsignedInt(frame.get());
    }

    private static void require(ByteBuffer frame, int start, int bytes, String where)
            throws MalformedException {
        if (frame.remaining() < bytes) {
            throw new MalformedException(
                    TRUNCATED,
                    where,
                    frame.position() - start,
                    "%d bytes left, needed %d".formatted(frame.remaining(), bytes));
        }
    }

    private static ByteBuffer rest(ByteBuffer frame) {
        ByteBuffer rest = frame.slice();
        frame.position(frame.limit());
        return rest;
    }

    private static MalformedException tooLong(String where, int length, int max) {
        return new MalformedException(
                TOO_LARGE,
                where,
                0,
                "%d, allowed 0..%d bytes".formatted(Integer.toUnsignedLong(length), max));
    }

    /// Appends the head of a piece message whose `length` bytes of data the caller appends next.
    public static void encodePieceHead(int piece, int begin, int length, ByteBuffer out) {
        out.putInt(PIECE_HEAD_BYTES + length).put((byte) 7).putInt(piece).putInt(begin);
    }

    /// How many bytes [#encode] will append.
    public static int encodedBytes(PeerMessage message) {
        return PREFIX_BYTES
                + switch (message) {
                    case KeepAlive() -> 0;
                    case Choke(), Unchoke(), Interested(), NotInterested(), HaveAll(), HaveNone() ->
                            1;
                    case Have _, SuggestPiece _, AllowedFast _ -> 5;
                    case Request _, Cancel _, RejectRequest _ -> 13;
                    case Port _ -> 3;
                    case Bitfield(ByteBuffer bits) -> 1 + bits.remaining();
                    case Piece(_, _, ByteBuffer data) -> PIECE_HEAD_BYTES + data.remaining();
                    case Extended(_, ByteBuffer payload) -> 2 + payload.remaining();
                    case HashRequest _, HashReject _ -> 1 + HashRange.BYTES;
                    case Hashes(_, var hashes) -> 1 + HashRange.BYTES + hashes.length();
                    case Unknown(int id, _) -> throw unknown(id);
                };
    }

    /// Appends `message`, length prefix included, to `out`, which has room for [#encodedBytes].
    public static void encode(PeerMessage message, ByteBuffer out) {
        int length = encodedBytes(message) - PREFIX_BYTES;
        out.putInt(length);
        switch (message) {
            case KeepAlive() -> {}
            case Choke() -> out.put((byte) 0);
            case Unchoke() -> out.put((byte) 1);
            case Interested() -> out.put((byte) 2);
            case NotInterested() -> out.put((byte) 3);
            case Have(int piece) -> out.put((byte) 4).putInt(piece);
            case Bitfield(ByteBuffer bits) -> out.put((byte) 5).put(bits.duplicate());
            case Request(int piece, int begin, int bytes) ->
                    out.put((byte) 6).putInt(piece).putInt(begin).putInt(bytes);
            case Piece(int piece, int begin, ByteBuffer data) ->
                    out.put((byte) 7).putInt(piece).putInt(begin).put(data.duplicate());
            case Cancel(int piece, int begin, int bytes) ->
                    out.put((byte) 8).putInt(piece).putInt(begin).putInt(bytes);
            case Port(int port) -> out.put((byte) 9).putShort((short) port);
            case SuggestPiece(int piece) -> out.put((byte) 13).putInt(piece);
            case HaveAll() -> out.put((byte) 14);
            case HaveNone() -> out.put((byte) 15);
            case RejectRequest(int piece, int begin, int bytes) ->
                    out.put((byte) 16).putInt(piece).putInt(begin).putInt(bytes);
            case AllowedFast(int piece) -> out.put((byte) 17).putInt(piece);
            case Extended(int extensionId, ByteBuffer payload) ->
                    out.put((byte) 20).put((byte) extensionId).put(payload.duplicate());
            case HashRequest(HashRange range) -> range.writeTo(out.put((byte) 21));
            case Hashes(HashRange range, var hashes) -> {
                range.writeTo(out.put((byte) 22));
                out.put(hashes.asBuffer());
            }
            case HashReject(HashRange range) -> range.writeTo(out.put((byte) 23));
            case Unknown(int id, _) -> throw unknown(id);
        }
    }

    private static IllegalArgumentException unknown(int id) {
        return new IllegalArgumentException("cannot encode unknown message id " + id);
    }
}
