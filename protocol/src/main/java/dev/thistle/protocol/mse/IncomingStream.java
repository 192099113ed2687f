package dev.thistle.protocol.mse;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Whether an incoming stream is a plaintext BitTorrent handshake or MSE. The first byte that
/// differs from the plaintext header decides, so a caller that sends one byte and waits is not left
/// hanging.
public enum IncomingStream {
    /// All bytes so far are the header's; more are needed.
    UNDECIDED,
    PLAINTEXT,
    MSE;

    private static final byte[] HEADER =
            "\u0013BitTorrent protocol".getBytes(StandardCharsets.ISO_8859_1);

    /// Looks at up to 20 bytes from `in`'s position, which does not move.
    public static IncomingStream detect(ByteBuffer in) {
        int known = Math.min(in.remaining(), HEADER.length);
        for (int i = 0; i < known; i++) {
            if (in.get(in.position() + i) != HEADER[i]) {
                return MSE;
            }
        }
        return known == HEADER.length ? PLAINTEXT : UNDECIDED;
    }
}
