package dev.thistle.engine.torrent;

import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.InfoHashes;
import dev.thistle.protocol.Sha256;
import dev.thistle.protocol.metainfo.Magnet;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// An `info` dictionary that peers sent for a magnet link (BEP 9).
final class InfoBytes {

    private InfoBytes() {}

    /// Whether `info` has every hash that the link gives.
    static boolean areNamedBy(Magnet magnet, ByteBuffer info) {
        InfoHashes named = magnet.infoHashes();
        boolean isV1 =
                named.v1()
                        .map(hash -> hash.equals(InfoHash.of(digest("SHA-1", info))))
                        .orElse(true);
        boolean isV2 =
                named.v2()
                        .map(hash -> hash.equals(Sha256.of(digest("SHA-256", info))))
                        .orElse(true);
        return isV1 && isV2;
    }

    private static byte[] digest(String algorithm, ByteBuffer info) {
        try {
            MessageDigest digest = MessageDigest.getInstance(algorithm);
            digest.update(info.duplicate());
            return digest.digest();
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every JDK has " + algorithm, missing);
        }
    }
}
