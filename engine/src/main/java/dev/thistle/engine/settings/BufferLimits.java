package dev.thistle.engine.settings;

/// How much memory the bytes of peers may take in a session, on their way in and out.
///
/// @param totalBytes of all buffers together, [#MIN_BYTES] to [#MAX_BYTES]: half for what is
///   received, a quarter for what is sent, a quarter for messages that are longer than a buffer.
///   Besides, a quarter as much on the heap for what waits to be said to peers that do not read as
///   fast as they ask; those who would take more are hung up on
public record BufferLimits(int totalBytes) {

    /// One buffer for receiving and one for sending would do; a few more let peers take turns.
    public static final int MIN_BYTES = 1 << 20;

    public static final int MAX_BYTES = 1 << 30;

    /// Only peers that send or take blocks at the moment hold a buffer: 256 can send to us at once,
    /// half of the connections that a session has by default, and 128 be sent to, six times its
    /// upload slots. Far below what a download takes in heap and code.
    public static final BufferLimits DEFAULT = new BufferLimits(64 << 20);

    public BufferLimits {
        if (totalBytes < MIN_BYTES || totalBytes > MAX_BYTES) {
            throw new IllegalArgumentException(
                    "buffers.total-bytes: %d, allowed %d..%d"
                            .formatted(totalBytes, MIN_BYTES, MAX_BYTES));
        }
    }
}
