package dev.thistle.protocol.mse;

import java.util.random.RandomGenerator;

/// Chooses the pads of a handshake, and so the sizes and, for A and B, the bytes that an observer
/// sees. Called once for each pad that a machine sends, on the machine's thread.
@FunctionalInterface
public interface PadPolicy {

    /// The longest pad of each kind that the specification allows.
    int MAX_BYTES = 512;

    /// Which of the four.
    enum Pad {
        /// After the initiator's public key, in the clear.
        A,
        /// After the responder's public key, in the clear.
        B,
        /// In the initiator's second step, enciphered and with its length before it.
        C,
        /// In the responder's second step, enciphered and with its length before it.
        D
    }

    /// The bytes of one pad, 0 to [#MAX_BYTES] of them; a machine refuses to send more. The array
    /// is not kept.
    ///
    /// @param random the machine's own source of randomness
    byte[] bytes(Pad pad, RandomGenerator random);

    /// Random lengths; A and B random bytes, C and D zeros, since they are enciphered anyway.
    PadPolicy RANDOM =
            (pad, random) -> {
                byte[] bytes = new byte[random.nextInt(MAX_BYTES + 1)];
                if (pad == Pad.A || pad == Pad.B) {
                    random.nextBytes(bytes);
                }
                return bytes;
            };

    /// No pads: the shortest handshake, of fixed sizes that are easy to recognise.
    PadPolicy NONE = (_, _) -> new byte[0];
}
