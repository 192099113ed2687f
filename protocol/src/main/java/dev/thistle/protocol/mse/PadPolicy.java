package dev.thistle.protocol.mse;

import java.util.random.RandomGenerator;

/// The four pads of a handshake, so that a caller can shape what an observer sees.
public interface PadPolicy {

    int MAX_BYTES = 512;

    enum Pad {
        A,
        B,
        C,
        D
    }

    /// The bytes of one pad, at most [#MAX_BYTES]. A and B go out as they are; C and D are
    /// enciphered.
    byte[] bytes(Pad pad, RandomGenerator random);

    /// Random lengths; A and B random bytes, C and D zeros.
    PadPolicy RANDOM =
            (pad, random) -> {
                byte[] bytes = new byte[random.nextInt(MAX_BYTES + 1)];
                if (pad == Pad.A || pad == Pad.B) {
                    random.nextBytes(bytes);
                }
                return bytes;
            };

    /// No pads at all.
    PadPolicy NONE = (_, _) -> new byte[0];
}
