package dev.thistle.engine.snapshot;

/// The memory that a session's peers have for their bytes, at one moment. Of buffers never more
/// than the limit is in use, and of the backlog never more than a quarter of it.
///
/// @param limitBytes of all together
/// @param receivingBytes held by peers that send to us
/// @param sendingBytes held by peers that are sent to
/// @param longMessageBytes held by messages that are longer than a buffer
/// @param backlogBytes kept for what waits to be said to peers that do not read as fast as they ask
/// @param idleBytes free, and kept for whoever comes next
/// @param waiting peers that wait for a buffer: more than 0 for long says that the limit is tight
public record BufferUse(
        long limitBytes,
        long receivingBytes,
        long sendingBytes,
        long longMessageBytes,
        long backlogBytes,
        long idleBytes,
        int waiting) {

    /// Buffers that anybody holds.
    public long heldBytes() {
        return receivingBytes + sendingBytes + longMessageBytes;
    }
}
