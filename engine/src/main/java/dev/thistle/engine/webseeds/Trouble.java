package dev.thistle.engine.webseeds;

import dev.thistle.protocol.metainfo.FileEntry;
import java.io.IOException;
import java.time.Duration;

/// A web seed did not give what it was asked for, and what follows from that.
final class Trouble extends IOException {

    /// What to do about it.
    sealed interface Remedy {
        /// Ask again after this time.
        record Later(Duration delay) implements Remedy {}

        /// Ask again after a time that grows with each failure.
        record Usual() implements Remedy {}

        /// Never ask it for this file again.
        record WithoutFile(FileEntry file) implements Remedy {}

        /// Never ask it again.
        record Never() implements Remedy {}
    }

    private final transient Remedy remedy;

    Trouble(String message, Remedy remedy) {
        super(message);
        this.remedy = remedy;
    }

    Remedy remedy() {
        return remedy;
    }
}
