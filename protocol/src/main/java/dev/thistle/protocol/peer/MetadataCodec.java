package dev.thistle.protocol.peer;

import static dev.thistle.protocol.MalformedException.Rule.BAD_VALUE;
import static dev.thistle.protocol.MalformedException.Rule.TOO_LARGE;

import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.bencode.BencodeReader;
import dev.thistle.protocol.bencode.BencodeReader.Keys;
import dev.thistle.protocol.bencode.BencodeValue.Dict;
import dev.thistle.protocol.bencode.BencodeWriter;
import dev.thistle.protocol.bencode.ByteString;
import dev.thistle.protocol.peer.ExtensionMessage.MetadataBlock;
import dev.thistle.protocol.peer.ExtensionMessage.MetadataReject;
import dev.thistle.protocol.peer.ExtensionMessage.MetadataRequest;
import dev.thistle.protocol.peer.ExtensionMessage.Unheard;
import java.nio.ByteBuffer;

/// The messages of `ut_metadata` (BEP 9): a dictionary, and behind that of a block its bytes.
///
///     d8:msg_typei1e5:piecei0e10:total_sizei34256ee | 16384 bytes of `info`
///
/// The blocks are called pieces there. Stateless.
public final class MetadataCodec {

    /// All blocks of an `info` dictionary but the last have this length.
    public static final int BLOCK_BYTES = 16 * 1024;

    /// libtorrent's and rain's limit of an `info` dictionary.
    public static final int MAX_INFO_BYTES = 30 * 1024 * 1024;

    /// So many blocks has the largest dictionary.
    public static final int MAX_BLOCKS = MAX_INFO_BYTES / BLOCK_BYTES;

    /// No message is longer: a block and the dictionary before it, with room for other keys.
    public static final int MAX_BYTES = BLOCK_BYTES + 1024;

    private static final int REQUEST = 0;
    private static final int DATA = 1;
    private static final int REJECT = 2;

    private MetadataCodec() {}

    /// How many blocks an `info` dictionary of this length has.
    public static int blockCount(int totalBytes) {
        return Math.ceilDiv(totalBytes, BLOCK_BYTES);
    }

    /// The length of one block of an `info` dictionary.
    public static int blockBytes(int block, int totalBytes) {
        return Math.min(BLOCK_BYTES, totalBytes - block * BLOCK_BYTES);
    }

    static ExtensionMessage decode(ByteBuffer payload) throws MalformedException {
        if (!(BencodeReader.readFirst(payload, Keys.ANY) instanceof Dict dict)) {
            throw new MalformedException(BAD_VALUE, "ut_metadata", 0, "not a dictionary");
        }
        long type = number(dict, "msg_type", 0, Long.MAX_VALUE);
        if (type > REJECT) {
            return new Unheard();
        }
        int block = (int) number(dict, "piece", 0, MAX_BLOCKS - 1);
        if (type == REQUEST) {
            return new MetadataRequest(block);
        }
        if (type == REJECT) {
            return new MetadataReject(block);
        }
        return block(block, (int) number(dict, "total_size", 1, MAX_INFO_BYTES), payload);
    }

    private static MetadataBlock block(int block, int totalBytes, ByteBuffer rest)
            throws MalformedException {
        if (block >= blockCount(totalBytes)) {
            throw new MalformedException(
                    TOO_LARGE,
                    "ut_metadata.piece",
                    0,
                    "%d, allowed 0..%d".formatted(block, blockCount(totalBytes) - 1));
        }
        int allowed = blockBytes(block, totalBytes);
        if (rest.remaining() != allowed) {
            throw new MalformedException(
                    BAD_VALUE,
                    "ut_metadata.data",
                    rest.position(),
                    "%d bytes, allowed %d".formatted(rest.remaining(), allowed));
        }
        byte[] data = new byte[allowed];
        rest.get(data);
        return new MetadataBlock(block, totalBytes, ByteString.of(data));
    }

    private static long number(Dict dict, String key, long least, long most)
            throws MalformedException {
        long number = dict.integer(key).orElse(-1L);
        if (number < least || number > most) {
            throw new MalformedException(
                    BAD_VALUE,
                    "ut_metadata." + key,
                    dict.start(),
                    "%d, allowed %d..%d".formatted(number, least, most));
        }
        return number;
    }

    static ByteBuffer encodeRequest(int block) {
        return ByteBuffer.wrap(head(REQUEST, block));
    }

    static ByteBuffer encodeReject(int block) {
        return ByteBuffer.wrap(head(REJECT, block));
    }

    private static byte[] head(int type, int block) {
        return BencodeWriter.write(
                Dict.builder().put("msg_type", type).put("piece", block).build());
    }

    static ByteBuffer encode(MetadataBlock block) {
        byte[] head =
                BencodeWriter.write(
                        Dict.builder()
                                .put("msg_type", DATA)
                                .put("piece", block.block())
                                .put("total_size", block.totalBytes())
                                .build());
        return ByteBuffer.allocate(head.length + block.data().length())
                .put(head)
                .put(block.data().asBuffer())
                .flip();
    }
}
