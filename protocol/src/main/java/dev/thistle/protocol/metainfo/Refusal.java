package dev.thistle.protocol.metainfo;

import static dev.thistle.protocol.MalformedException.Rule.BAD_VALUE;
import static dev.thistle.protocol.MalformedException.Rule.TOO_LARGE;

import dev.thistle.protocol.MalformedException;

/// How a torrent is refused: where, what was found, what is allowed.
final class Refusal {

    private Refusal() {}

    static MalformedException of(String where, String detail) {
        return new MalformedException(BAD_VALUE, where, detail);
    }

    static void require(boolean right, String where, String detail) throws MalformedException {
        if (!right) {
            throw of(where, detail);
        }
    }

    static void requireRange(String where, long value, long least, long most)
            throws MalformedException {
        if (value < least || value > most) {
            throw new MalformedException(
                    value > most ? TOO_LARGE : BAD_VALUE,
                    where,
                    "%d, allowed %d..%d".formatted(value, least, most));
        }
    }
}
