package dev.thistle.protocol.mse;

import dev.thistle.protocol.mse.PadPolicy.Pad;
import java.util.random.RandomGenerator;

/// The pads of one machine: a policy and what it draws from, with the result checked.
record Pads(PadPolicy policy, RandomGenerator random) {

    byte[] draw(Pad pad) {
        byte[] bytes = policy.bytes(pad, random);
        if (bytes.length > PadPolicy.MAX_BYTES) {
            throw new IllegalArgumentException(
                    "Pad%s of %d bytes, allowed 0..%d"
                            .formatted(pad, bytes.length, PadPolicy.MAX_BYTES));
        }
        return bytes;
    }
}
