package dev.thistle.protocol.peer;

import static dev.thistle.protocol.MalformedException.Rule.BAD_VALUE;

import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.PeerAddress;
import dev.thistle.protocol.bencode.ByteString;
import java.nio.ByteBuffer;
import java.util.List;

/// What stands inside an extension message (BEP 10), by the [Extension] it belongs to. Immutable.
public sealed interface ExtensionMessage {

    /// Asks for a block of 16 KiB of the `info` dictionary (BEP 9).
    ///
    /// @param block 0 to [MetadataCodec#MAX_BLOCKS] - 1
    record MetadataRequest(int block) implements ExtensionMessage {}

    /// Carries a block of the `info` dictionary (BEP 9).
    ///
    /// @param totalBytes of the whole dictionary, 1 to [MetadataCodec#MAX_INFO_BYTES]
    record MetadataBlock(int block, int totalBytes, ByteString data) implements ExtensionMessage {}

    /// A [MetadataRequest] that will not be answered (BEP 9).
    record MetadataReject(int block) implements ExtensionMessage {}

    /// Whom the sender has met and lost since it last told (BEP 11).
    record PeersChanged(List<ExchangedPeer> added, List<PeerAddress> dropped)
            implements ExtensionMessage {
        public PeersChanged {
            added = List.copyOf(added);
            dropped = List.copyOf(dropped);
        }
    }

    /// A peer that another one tells of (BEP 11).
    ///
    /// @param flags bits of [PeerExchangeCodec]; 0 when the sender told none
    record ExchangedPeer(PeerAddress address, int flags) {}

    /// Whether the sender wants nothing (BEP 21, as libtorrent sends it).
    record UploadOnly(boolean uploadOnly) implements ExtensionMessage {}

    /// A piece that the sender has no more (BEP 54).
    ///
    /// @param piece not negative; whether the torrent has it is for the receiver to look at
    record DontHave(int piece) implements ExtensionMessage {}

    /// A kind of message inside a known extension that we do not know: to be passed over.
    record Unheard() implements ExtensionMessage {}

    /// Reads the payload of an extension message that came under `extension`'s id.
    static ExtensionMessage decode(Extension extension, ByteBuffer payload)
            throws MalformedException {
        return switch (extension) {
            case UT_PEX -> PeerExchangeCodec.decode(payload);
            case UT_METADATA -> MetadataCodec.decode(payload);
            case UPLOAD_ONLY -> {
                requireBytes("upload_only", payload, 1);
                yield new UploadOnly(payload.get() != 0);
            }
            case LT_DONTHAVE -> {
                requireBytes("lt_donthave", payload, Integer.BYTES);
                int piece = payload.getInt();
                if (piece < 0) {
                    throw new MalformedException(
                            BAD_VALUE,
                            "lt_donthave.piece",
                            0,
                            "%d, allowed 0..2147483647".formatted(Integer.toUnsignedLong(piece)));
                }
                yield new DontHave(piece);
            }
        };
    }

    private static void requireBytes(String where, ByteBuffer payload, int bytes)
            throws MalformedException {
        if (payload.remaining() != bytes) {
            throw new MalformedException(
                    BAD_VALUE,
                    where,
                    0,
                    "%d bytes, allowed %d".formatted(payload.remaining(), bytes));
        }
    }

    /// The extension that this message belongs to.
    default Extension extension() {
        return switch (this) {
            case MetadataRequest _, MetadataBlock _, MetadataReject _ -> Extension.UT_METADATA;
            case PeersChanged _ -> Extension.UT_PEX;
            case UploadOnly _ -> Extension.UPLOAD_ONLY;
            case DontHave _ -> Extension.LT_DONTHAVE;
            case Unheard _ -> throw new IllegalArgumentException("cannot be sent");
        };
    }

    /// The payload, for an [PeerMessage.Extended] with the receiver's id.
    default ByteBuffer encode() {
        return switch (this) {
            case MetadataRequest(int block) -> MetadataCodec.encodeRequest(block);
            case MetadataBlock block -> MetadataCodec.encode(block);
            case MetadataReject(int block) -> MetadataCodec.encodeReject(block);
            case PeersChanged changed -> PeerExchangeCodec.encode(changed);
            case UploadOnly(boolean uploadOnly) ->
                    ByteBuffer.wrap(new byte[] {(byte) (uploadOnly ? 1 : 0)});
            case DontHave(int piece) -> ByteBuffer.allocate(Integer.BYTES).putInt(piece).flip();
            case Unheard _ -> throw new IllegalArgumentException("cannot be sent");
        };
    }
}
