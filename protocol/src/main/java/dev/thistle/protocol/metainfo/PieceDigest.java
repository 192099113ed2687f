package dev.thistle.protocol.metainfo;

import dev.thistle.protocol.Sha256;
import dev.thistle.protocol.merkle.HashLayer;
import dev.thistle.protocol.merkle.PieceLayers;
import dev.thistle.protocol.merkle.TreeShape;
import java.nio.ByteBuffer;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Hashes the data of one piece in all the ways its torrent asks for, and judges it.
///
/// A v1 torrent has one SHA-1 over the piece, so bytes must come [in order][#inOrder]; the padding
/// at the end is added here. A v2 torrent has a Merkle tree over its blocks, which come [one by
/// one][#block] in any order. A hybrid one needs both.
///
/// Not thread-safe; a digest judges one attempt at one piece.
public final class PieceDigest {

    /// What a piece turned out to be.
    public enum Verdict {
        /// Every hash that is known fits.
        RIGHT,
        /// The data is wrong.
        WRONG,
        /// It fits v1 and not v2, or the other way round: the torrent is broken, not the data.
        CONTRADICTORY,
        /// There is no hash to hold it against yet: the file's piece layer is missing.
        UNKNOWN
    }

    private static final int ZEROS_BYTES = 16 * 1024;

    private final Metainfo metainfo;
    private final int piece;
    private final @Nullable MessageDigest sha1;
    private final @Nullable Blocks blocks;

    /// SHA-256 of every block so far.
    private static final class Blocks {
        final MessageDigest sha256 = digest("SHA-256");
        final byte[] leaves;

        Blocks(int count) {
            leaves = new byte[count * Sha256.BYTES];
        }

        void hash(int index, ByteBuffer data) {
            sha256.update(data);
            try {
                sha256.digest(leaves, index * Sha256.BYTES, Sha256.BYTES);
            } catch (DigestException tooShort) {
                throw new IllegalStateException(tooShort);
            }
        }
    }

    public PieceDigest(Metainfo metainfo, int piece) {
        this.metainfo = metainfo;
        this.piece = piece;
        MetaVersion version = metainfo.version();
        sha1 = version.hasV1() ? digest("SHA-1") : null;
        int count = Math.ceilDiv(metainfo.pieceLengthBytes(piece), TreeShape.BLOCK_BYTES);
        blocks = version.hasV2() ? new Blocks(count) : null;
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java platform has " + algorithm, missing);
        }
    }

    /// Whether [#inOrder] has to be told all bytes of the piece.
    public boolean needsOrder() {
        return sha1 != null;
    }

    /// Whether [#block] has to be told all blocks of the piece.
    public boolean needsBlocks() {
        return blocks != null;
    }

    /// Takes the next bytes of the piece and advances `data` to its limit.
    public void inOrder(ByteBuffer data) {
        if (sha1 != null) {
            sha1.update(data);
        }
    }

    /// Takes one whole block and advances `data` to its limit. A second one in its place counts.
    ///
    /// @param begin a multiple of [TreeShape#BLOCK_BYTES]
    public void block(int begin, ByteBuffer data) {
        if (blocks != null) {
            blocks.hash(begin / TreeShape.BLOCK_BYTES, data);
        }
    }

    /// Takes whole blocks, the last one of the piece perhaps short, in order. Advances `data` to
    /// its limit.
    ///
    /// @param begin a multiple of [TreeShape#BLOCK_BYTES]
    public void blocksInOrder(int begin, ByteBuffer data) {
        if (blocks == null) {
            inOrder(data);
            return;
        }
        int limit = data.limit();
        while (data.position() < limit) {
            int length = Math.min(TreeShape.BLOCK_BYTES, limit - data.position());
            data.limit(data.position() + length);
            inOrder(data.duplicate());
            block(begin, data);
            begin += length;
            data.limit(limit);
        }
    }

    /// Judges the piece, once all of it was told. May be asked once.
    ///
    /// @param layers the piece layers that are known by now
    public Verdict verdict(PieceLayers layers) {
        boolean fitsV1 = sha1 != null && metainfo.pieceMatches(piece, padded(sha1));
        if (blocks == null) {
            return fitsV1 ? Verdict.RIGHT : Verdict.WRONG;
        }
        Optional<Sha256> root = metainfo.pieceRoot(piece, layers);
        if (root.isEmpty()) {
            return sha1 == null ? Verdict.UNKNOWN : fitsV1 ? Verdict.RIGHT : Verdict.WRONG;
        }
        boolean fitsV2 = blocks().root(height()).equals(root.get());
        if (sha1 != null && fitsV1 != fitsV2) {
            return Verdict.CONTRADICTORY;
        }
        return fitsV2 ? Verdict.RIGHT : Verdict.WRONG;
    }

    private byte[] padded(MessageDigest sha1) {
        int padding = metainfo.pieceSpanBytes(piece) - metainfo.pieceLengthBytes(piece);
        byte[] zeros = new byte[Math.min(padding, ZEROS_BYTES)];
        for (int left = padding; left > 0; left -= zeros.length) {
            sha1.update(zeros, 0, Math.min(left, zeros.length));
        }
        return sha1.digest();
    }

    /// The leaves of the piece's tree, as far as blocks were told; of the others zeros.
    ///
    /// @throws IllegalStateException in a torrent of v1
    public HashLayer blocks() {
        if (blocks == null) {
            throw new IllegalStateException("v1 has no hashes of blocks");
        }
        return HashLayer.of(0, ByteBuffer.wrap(blocks.leaves));
    }

    /// Of the node that stands for the piece: in a file no longer than a piece that is its root.
    private int height() {
        long file = metainfo.fileAt(piece).lengthBytes();
        return file > metainfo.pieceLengthBytes()
                ? TreeShape.pieceLevel(metainfo.pieceLengthBytes())
                : TreeShape.ofFile(file).height();
    }
}
