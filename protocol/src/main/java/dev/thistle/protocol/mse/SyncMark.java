package dev.thistle.protocol.mse;

import static dev.thistle.protocol.MalformedException.Rule.BAD_VALUE;

import dev.thistle.protocol.MalformedException;
import java.nio.ByteBuffer;

/// Finds where a clear pad of unknown length ends: passes over it, up to and with the mark behind
/// it. Bytes that cannot start the mark are consumed as they are found out, so no byte is looked at
/// as a start twice, however the stream is cut.
///
/// The mark's first byte stands at offset 0 to 512 behind the public key. Not all of the pad comes
/// with the key: BiglyBT sends a part of it right before the mark.
final class SyncMark {

    private final byte[] mark;
    private final String where;
    private int passed;

    /// @param mark not copied
    /// @param where names the mark in errors
    SyncMark(byte[] mark, String where) {
        this.mark = mark;
        this.where = where;
    }

    /// How many bytes at least must arrive before a call to [#pass] can find the mark.
    int missing(ByteBuffer in) {
        return mark.length - in.remaining();
    }

    /// Consumes what cannot be the mark, and the mark if it is there.
    ///
    /// @return whether the mark was found; if not, fewer bytes remain than it has
    /// @throws MalformedException once it cannot come any more, which takes 96 + 512 bytes and the
    ///   mark's own: 628 for `req1`, 616 for VC
    boolean pass(ByteBuffer in) throws MalformedException {
        while (in.remaining() >= mark.length) {
            if (startsHere(in)) {
                in.position(in.position() + mark.length);
                return true;
            }
            if (passed == PadPolicy.MAX_BYTES) {
                throw new MalformedException(
                        BAD_VALUE,
                        where,
                        "not found, allowed only within the first %d bytes"
                                .formatted(KeyExchange.MAX_STEP_BYTES + mark.length));
            }
            in.get();
            passed++;
        }
        return false;
    }

    private boolean startsHere(ByteBuffer in) {
        for (int i = 0; i < mark.length; i++) {
            if (in.get(in.position() + i) != mark[i]) {
                return false;
            }
        }
        return true;
    }
}
