package dev.thistle.protocol.peer;

import dev.thistle.protocol.InfoHash;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;

/// The pieces that a peer may ask for while it is choked, so that a newcomer soon has something to
/// give (BEP 6). They follow from its address, so that it gets no more of them by coming again.
///
/// The network part `address & 255.255.255.0` and the info-hash are hashed by SHA-1 again and
/// again; each of the five words of a hash, modulo the number of pieces, is one more piece. There
/// is no such rule for IPv6.
public final class AllowedFastSet {

    /// As many as BEP 6 suggests.
    public static final int USUAL_COUNT = 10;

    private AllowedFastSet() {}

    /// The set in the order it is found; all pieces if there are no more than `count`.
    ///
    /// @param ip 4 bytes
    /// @param pieceCount 1 or more
    public static List<Integer> of(byte[] ip, InfoHash infoHash, int pieceCount, int count) {
        if (ip.length != 4) {
            throw new IllegalArgumentException(
                    "address of %d bytes, allowed 4".formatted(ip.length));
        }
        MessageDigest sha1 = sha1();
        byte[] hash =
                ByteBuffer.allocate(4 + InfoHash.BYTES)
                        .put(ip, 0, 3)
                        .put((byte) 0)
                        .put(infoHash.bytes())
                        .array();
        var pieces = new ArrayList<Integer>();
        int wanted = Math.min(count, pieceCount);
        while (pieces.size() < wanted) {
            hash = sha1.digest(hash);
            ByteBuffer words = ByteBuffer.wrap(hash);
            while (words.hasRemaining() && pieces.size() < wanted) {
                int piece = Integer.remainderUnsigned(words.getInt(), pieceCount);
                if (!pieces.contains(piece)) {
                    pieces.add(piece);
                }
            }
        }
        return pieces;
    }

    private static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every JDK has SHA-1", missing);
        }
    }
}
