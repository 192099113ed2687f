package dev.thistle.engine.snapshot;

/// The memory that a session's peers have for their bytes, at one moment. Never more than the limit
/// is in use.
///
/// @param limitBytes of all together
/// @param receivingBytes held by peers that send to us
/// @param sendingBytes held by peers that are sent to
/// @param longMessageBytes held by messages that are longer than a buffer
/// @param idleBytes free, and kept for whoever comes next
/// @param waiting peers that wait for a buffer: more than 0 for long says that the limit is tight
public record BufferUse(
        long limitBytes,
        long receivingBytes,
        long sendingBytes,
        long longMessageBytes,
        long idleBytes,
        int waiting) {

    /// Held by anybody.
    public long heldBytes() {
        return receivingBytes + sendingBytes + longMessageBytes;
    }
}
