package dev.thistle.engine.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/// Where the bytes of one torrent lie, addressed by their position in the torrent. Thread-safe:
/// every connection's threads read and write here, at places that do not overlap.
public interface PieceStore extends Closeable {

    /// Fills `target` to its limit, starting at `position`. Bytes that were never written are not
    /// to be relied on: they read as zeros or not at all.
    ///
    /// @throws IOException naming the file that could not be read, is not there or ends too early
    void read(long position, ByteBuffer target) throws IOException;

    /// Writes all that remains in `source` at `position`.
    ///
    /// @throws IOException naming the file that could not be written
    void write(long position, ByteBuffer source) throws IOException;

    /// Are all bytes between these positions there, whatever they are? Where one is not, the piece
    /// is missing, even if it would read as the right zeros.
    boolean isThere(long position, long lengthBytes) throws IOException;

    /// What the files of the torrent look like from outside, in its order, so that a later run sees
    /// which of them somebody else changed. A store without files has none: then everything in it
    /// is checked at each start.
    ///
    /// @throws IOException naming a file that was written to and has since been deleted or cut
    default List<FileStamp> stamps() throws IOException {
        return List.of();
    }

    /// Looks whether what was there is still there: at `most` files, going on where the last look
    /// ended, so that a torrent of many thousands is looked at little by little.
    ///
    /// @throws IOException naming a file that has been deleted or cut while it was in use
    default void inspect(int most) throws IOException {}

    /// Makes everything that was written survive a loss of power. May take as long as the disk
    /// needs.
    default void force() throws IOException {}

    /// Hands everything written to the operating system.
    @Override
    void close() throws IOException;
}
