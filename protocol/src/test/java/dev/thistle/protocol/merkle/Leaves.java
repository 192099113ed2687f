package dev.thistle.protocol.merkle;

import dev.thistle.protocol.Sha256;
import java.nio.ByteBuffer;
import java.security.MessageDigest;

/// The leaves of a file, taken the simple way.
public final class Leaves {

    private Leaves() {}

    /// A leaf for each 16 KiB of `content`.
    public static HashLayer of(byte[] content) throws Exception {
        int blocks = Math.ceilDiv(content.length, TreeShape.BLOCK_BYTES);
        ByteBuffer leaves = ByteBuffer.allocate(blocks * Sha256.BYTES);
        for (int from = 0; from < content.length; from += TreeShape.BLOCK_BYTES) {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(content, from, Math.min(TreeShape.BLOCK_BYTES, content.length - from));
            leaves.put(sha256.digest());
        }
        return HashLayer.of(0, leaves.flip());
    }
}
