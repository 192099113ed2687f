package dev.thistle.cli;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/// What went one way over a number of connections, each recorded by itself so that nothing is torn
/// by what another said in between. Thread-safe.
final class Recordings {

    /// The first bytes of one connection.
    static final class Recording {

        /// Handshakes, announces and the first blocks fit; a whole download would not.
        private static final int MAX_BYTES = 64 * 1024;

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        /// Takes a copy of what remains in `passing`, as long as there is room.
        synchronized void add(ByteBuffer passing) {
            byte[] copy = new byte[Math.min(passing.remaining(), MAX_BYTES - bytes.size())];
            passing.duplicate().get(copy);
            bytes.writeBytes(copy);
        }

        private synchronized byte[] bytes() {
            return bytes.toByteArray();
        }
    }

    private final List<Recording> recordings = new CopyOnWriteArrayList<>();

    /// For one more connection.
    Recording next() {
        var recording = new Recording();
        recordings.add(recording);
        return recording;
    }

    /// Whether `sees` holds for any connection.
    boolean any(Predicate<byte[]> sees) {
        return recordings.stream().map(Recording::bytes).anyMatch(sees);
    }

    /// The first connection that said anything; empty if none did.
    byte[] first() {
        return recordings.stream()
                .map(Recording::bytes)
                .filter(bytes -> bytes.length > 0)
                .findFirst()
                .orElse(new byte[0]);
    }
}
