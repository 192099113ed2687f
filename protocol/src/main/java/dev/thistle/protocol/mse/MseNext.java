package dev.thistle.protocol.mse;

import dev.thistle.protocol.InfoHash;
import java.nio.ByteBuffer;

/// What the caller of an MSE machine does next. A `switch` over it needs no default.
public sealed interface MseNext {

    /// Write these bytes, then call `receive` again.
    record Send(ByteBuffer bytes) implements MseNext {}

    /// Call `receive` again once at least so many more bytes have arrived.
    record Read(int atLeastBytes) implements MseNext {}

    /// The handshake is over. What is left in the buffer is payload, still as it was on the wire.
    ///
    /// @param infoHash the torrent that the initiator named
    /// @param cipher for the payload, in both directions
    /// @param initialPayload the start of the initiator's payload (IA), deciphered; empty for the
    ///   initiator itself
    record Done(InfoHash infoHash, StreamCipher cipher, ByteBuffer initialPayload)
            implements MseNext {}
}
