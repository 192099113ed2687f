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

    /// A and B of 21 to 512 bytes that begin with 21 printable ones and go on at random; C and D as
    /// [#RANDOM] has them.
    ///
    /// Answers the rule by which some observers block "fully encrypted" traffic: a first payload is
    /// let pass if more than 20 bytes in a row are printable ASCII (0x20 to 0x7e). Any peer takes
    /// such a pad. Whoever knows of it finds 21 printable bytes at offset 96: the flow is no longer
    /// encrypted-looking, but not unremarkable either. Rule: Wu et al., USENIX Security 2023, Ex4.
    PadPolicy PRINTABLE21 =
            (pad, random) ->
                    switch (pad) {
                        case A, B -> ShapedPad.printable(random);
                        case C, D -> RANDOM.bytes(pad, random);
                    };

    /// A and B of 50 to 512 bytes that begin with zeros, at least 32 of them, and go on at random;
    /// C and D as [#RANDOM] has them.
    ///
    /// Answers the same rule as [#PRINTABLE21] by its other way out: a first payload is let pass if
    /// at most 3.4 bits of a byte are set on average. 32 zeros do for a short flight only, so a
    /// longer pad has more of them: 40 and a fifth of its length, by which the average of key and
    /// pad together stays six standard deviations under the limit. Rule: the same, Ex1.
    PadPolicy ZEROS32 =
            (pad, random) ->
                    switch (pad) {
                        case A, B -> ShapedPad.zeros(random);
                        case C, D -> RANDOM.bytes(pad, random);
                    };
}
