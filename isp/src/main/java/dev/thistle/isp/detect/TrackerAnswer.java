package dev.thistle.isp.detect;

import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.bencode.BencodeReader;
import dev.thistle.protocol.bencode.BencodeValue;
import dev.thistle.protocol.bencode.BencodeValue.Dict;
import dev.thistle.protocol.bencode.BencodeValue.Int;
import dev.thistle.protocol.bencode.BencodeValue.Items;
import dev.thistle.protocol.bencode.BencodeValue.Text;
import dev.thistle.protocol.bencode.ByteString;
import java.nio.ByteBuffer;
import java.util.Optional;

/// The body of an answer that looks like a tracker's.
///
/// @param body of the HTTP answer
/// @param dict what it holds
record TrackerAnswer(ByteBuffer body, Dict dict) {

    static Optional<TrackerAnswer> read(ByteBuffer body) {
        if (body.limit() < 2 || body.get(0) != 'd') {
            return Optional.empty();
        }
        try {
            BencodeValue value = BencodeReader.readFirst(body.duplicate(), BencodeReader.Keys.ANY);
            return value instanceof Dict dict
                    ? Optional.of(new TrackerAnswer(body, dict))
                    : Optional.empty();
        } catch (MalformedException _) {
            return Optional.empty();
        }
    }

    /// Has a list of peers, in whatever form, and says when to ask again.
    boolean hasPeers() {
        boolean hasList =
                dict.value("peers")
                        .filter(value -> value instanceof Text || value instanceof Items)
                        .isPresent();
        return (hasList || isText("peers6")) && isNumber("interval");
    }

    /// Says how its peers are hidden (BEP 8): by an `iv`, or by both `i` and `n`.
    boolean isMarked() {
        boolean hasIv =
                dict.value("iv")
                        .filter(value -> value instanceof Text(ByteString iv) && iv.length() > 0)
                        .isPresent();
        return hasIv || (isNumber("i") && isNumber("n"));
    }

    private boolean isText(String key) {
        return dict.value(key).filter(Text.class::isInstance).isPresent();
    }

    private boolean isNumber(String key) {
        return dict.value(key).filter(Int.class::isInstance).isPresent();
    }
}
