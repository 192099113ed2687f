package dev.thistle.engine.webseeds;

import dev.thistle.engine.pieces.PieceAssembly;
import dev.thistle.engine.pieces.PieceAssembly.Outcome;
import dev.thistle.protocol.metainfo.FileEntry;
import java.time.Duration;
import java.util.Optional;

/// What a web seed tells its torrent.
public sealed interface WebSeedEvent {

    /// Which web seed, as the picker knows it.
    int number();

    /// A block came and is dealt with.
    record Delivered(
            int number, PieceAssembly assembly, int begin, int lengthBytes, Outcome outcome)
            implements WebSeedEvent {}

    /// Everything that was asked for has been fetched.
    record Finished(int number) implements WebSeedEvent {}

    /// The rest of what was asked for does not come.
    ///
    /// @param reason one line for people
    /// @param retryAfter when to ask again, if the server said so
    /// @param lacking the file that it does not have, if that is the reason
    /// @param isOver never ask it again
    record GaveUp(
            int number,
            String reason,
            Optional<Duration> retryAfter,
            Optional<FileEntry> lacking,
            boolean isOver)
            implements WebSeedEvent {}

    /// The torrent's data could not be read or written.
    record StoreFailed(int number, String reason) implements WebSeedEvent {}
}
