package dev.thistle.protocol.mse;

import dev.thistle.protocol.peer.Handshake;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Whether a stream starts with a plaintext BitTorrent handshake or with MSE. The first byte that
/// differs from the plaintext header decides, so a caller that sends one byte and waits is not left
/// hanging. A public key looks like the header once in 2^160.
public enum IncomingStream {
    /// All bytes so far are the header's; more are needed.
    UNDECIDED,
    /// The whole header is there.
    PLAINTEXT,
    /// Not the header, so a public key. Or noise: that shows 628 bytes in at the latest.
    MSE;

    private static final byte[] HEADER =
            "\u0013BitTorrent protocol".getBytes(StandardCharsets.ISO_8859_1);

    /// Looks at up to 20 bytes from `in`'s position, which does not move.
    public static IncomingStream detect(ByteBuffer in) {
        int known = Math.min(in.remaining(), Handshake.HEADER_BYTES);
        for (int i = 0; i < known; i++) {
            if (in.get(in.position() + i) != HEADER[i]) {
                return MSE;
            }
        }
        return known == Handshake.HEADER_BYTES ? PLAINTEXT : UNDECIDED;
    }
}
