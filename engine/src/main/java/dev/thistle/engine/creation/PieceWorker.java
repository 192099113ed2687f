package dev.thistle.engine.creation;

import dev.thistle.protocol.Sha256;
import dev.thistle.protocol.merkle.HashLayer;
import dev.thistle.protocol.merkle.TreeShape;
import dev.thistle.protocol.metainfo.MetaVersion;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// Reads and hashes pieces, one after the other, for one thread.
final class PieceWorker implements Closeable {

    static final int BLOCK_BYTES = TreeShape.BLOCK_BYTES;
    static final int SHA1_BYTES = 20;

    /// Read at a time: stays in the cache between reading and hashing.
    private static final int CHUNK_BYTES = 16 * BLOCK_BYTES;

    private final List<ContentFile> files;
    private final @Nullable MessageDigest sha1;
    private final @Nullable MessageDigest sha256;
    private final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);
    private @Nullable FileChannel open;
    private int openFile = -1;

    PieceWorker(List<ContentFile> files, MetaVersion version) {
        this.files = files;
        sha1 = version.hasV1() ? digest("SHA-1") : null;
        sha256 = version.hasV2() ? digest("SHA-256") : null;
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every JDK has " + algorithm, missing);
        }
    }

    /// Hashes a piece into its place in `pieceHashes` and `roots`, those of them that the torrent
    /// has.
    void hash(PieceSpans.Span span, byte[] pieceHashes, byte[] roots, LongConsumer progress)
            throws IOException {
        byte[] leaves = new byte[sha256 == null ? 0 : blocks(span) * Sha256.BYTES];
        int file = span.file();
        long offset = span.offset();
        int done = 0;
        while (done < span.lengthBytes()) {
            chunk.clear().limit(Math.min(CHUNK_BYTES, span.lengthBytes() - done));
            while (chunk.hasRemaining()) {
                long left = files.get(file).lengthBytes() - offset;
                if (left == 0) {
                    file++;
                    offset = 0;
                } else {
                    offset += read(file, offset, (int) Math.min(left, chunk.remaining()));
                }
            }
            chunk.flip();
            progress.accept(chunk.remaining());
            done = hashChunk(done, leaves);
        }
        if (sha1 != null) {
            sha1.update(new byte[span.paddingBytes()]);
            digest(sha1, pieceHashes, span.piece() * SHA1_BYTES, SHA1_BYTES);
        }
        if (sha256 != null) {
            int height = Integer.numberOfTrailingZeros(span.leaves());
            Sha256 root = HashLayer.of(0, ByteBuffer.wrap(leaves)).root(height);
            System.arraycopy(root.bytes(), 0, roots, span.piece() * Sha256.BYTES, Sha256.BYTES);
        }
    }

    private static int blocks(PieceSpans.Span span) {
        return Math.ceilDiv(span.lengthBytes(), BLOCK_BYTES);
    }

    private int hashChunk(int done, byte[] leaves) {
        int end = done + chunk.remaining();
        if (sha1 != null) {
            sha1.update(chunk.duplicate());
        }
        if (sha256 != null) {
            int limit = chunk.limit();
            for (int block = done / BLOCK_BYTES; chunk.position() < limit; block++) {
                chunk.limit(Math.min(chunk.position() + BLOCK_BYTES, limit));
                sha256.update(chunk);
                digest(sha256, leaves, block * Sha256.BYTES, Sha256.BYTES);
            }
        }
        return end;
    }

    private static void digest(MessageDigest digest, byte[] target, int offset, int length) {
        try {
            digest.digest(target, offset, length);
        } catch (DigestException tooShort) {
            throw new IllegalStateException(tooShort);
        }
    }

    /// Reads so many bytes of a file into the chunk.
    private int read(int file, long offset, int length) throws IOException {
        FileChannel channel = channel(file);
        int limit = chunk.limit();
        int end = chunk.position() + length;
        chunk.limit(end);
        while (chunk.hasRemaining()) {
            int count = channel.read(chunk, offset + length - chunk.remaining());
            if (count < 0) {
                throw new IOException(
                        "%s became shorter while it was read".formatted(files.get(file).file()));
            }
        }
        chunk.limit(limit);
        return length;
    }

    private FileChannel channel(int file) throws IOException {
        if (open == null || openFile != file) {
            close();
            open = FileChannel.open(files.get(file).file());
            openFile = file;
        }
        return open;
    }

    @Override
    public void close() throws IOException {
        if (open != null) {
            open.close();
        }
    }
}
