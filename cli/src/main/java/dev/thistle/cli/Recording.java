package dev.thistle.cli;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/// The first bytes that went one way over a wire. Thread-safe.
final class Recording {

    /// Handshakes, announces and the first messages fit; a whole download would not.
    private static final int MAX_BYTES = 64 * 1024;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /// Takes a copy of what remains in `passing`.
    synchronized void add(ByteBuffer passing) {
        byte[] copy = new byte[Math.min(passing.remaining(), MAX_BYTES - bytes.size())];
        passing.duplicate().get(copy);
        bytes.writeBytes(copy);
    }

    synchronized byte[] bytes() {
        return bytes.toByteArray();
    }
}
