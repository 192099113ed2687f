package dev.thistle.protocol.mse;

import dev.thistle.protocol.InfoHash;
import java.nio.ByteBuffer;

/// What the caller of an MSE machine does next. A `switch` over it needs no default.
public sealed interface MseNext {

    /// Write `bytes`, then call `receive` again at once: the machine may have all it needs already.
    ///
    /// @param bytes the caller's from now on
    record Send(ByteBuffer bytes) implements MseNext {}

    /// Nothing can happen before so many more bytes have arrived. More are welcome, and `receive`
    /// may be called earlier. The end of the stream here means that the handshake failed.
    ///
    /// @param atLeastBytes 1 or more, beyond those that remain in the buffer
    record Read(int atLeastBytes) implements MseNext {}

    /// The handshake is over. What is left in the buffer is payload, still as it was on the wire:
    /// the caller passes it to `cipher`.
    ///
    /// The payload (for the responder, `initialPayload` and then the rest) must start with a
    /// BitTorrent handshake for the same torrent, or, for a hybrid torrent, for its other
    /// info-hash. The reader of handshakes refuses a second MSE handshake inside the first.
    ///
    /// @param infoHash the torrent that the initiator named
    /// @param cipher for the payload, in both directions
    /// @param initialPayload the start of the initiator's payload (IA), deciphered, cut anywhere;
    ///   empty for the initiator itself
    record Done(InfoHash infoHash, StreamCipher cipher, ByteBuffer initialPayload)
            implements MseNext {}
}
