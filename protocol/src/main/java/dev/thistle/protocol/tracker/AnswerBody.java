package dev.thistle.protocol.tracker;

import static dev.thistle.protocol.MalformedException.Rule.BAD_VALUE;
import static dev.thistle.protocol.MalformedException.Rule.TOO_LARGE;

import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.bencode.BencodeReader;
import dev.thistle.protocol.bencode.BencodeValue;
import dev.thistle.protocol.bencode.BencodeValue.Dict;
import dev.thistle.protocol.bencode.BencodeValue.Int;
import dev.thistle.protocol.bencode.BencodeValue.Items;
import dev.thistle.protocol.bencode.BencodeValue.Text;
import dev.thistle.protocol.bencode.ByteString;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// The dictionary in a tracker's answer, read with the leniencies that trackers need: keys in any
/// order, white space behind the end, numbers written as strings, wrong types as if absent.
final class AnswerBody {

    private AnswerBody() {}

    static Dict read(ByteBuffer body, int maxBytes) throws MalformedException {
        if (body.remaining() > maxBytes) {
            throw new MalformedException(
                    TOO_LARGE,
                    "answer",
                    "%d bytes, allowed %d".formatted(body.remaining(), maxBytes));
        }
        BencodeValue value = BencodeReader.readFirst(body, BencodeReader.Keys.ANY);
        while (body.hasRemaining()) {
            byte each = body.get();
            if (each != ' ' && each != '\t' && each != '\r' && each != '\n' && each != 0) {
                throw new MalformedException(
                        TOO_LARGE, "answer", "more than white space after the dictionary");
            }
        }
        if (value instanceof Dict dict) {
            return dict;
        }
        throw new MalformedException(
                BAD_VALUE,
                "answer",
                "%s, allowed a dictionary".formatted(BencodeValue.kind(value)));
    }

    static Optional<ByteString> text(Dict dict, String key) {
        return dict.value(key)
                .flatMap(value ->
                        value instanceof Text(ByteString bytes)
                                ? Optional.of(bytes)
                                : Optional.empty());
    }

    /// One char a byte.
    static Optional<String> latin(Dict dict, String key) {
        return text(dict, key).map(bytes -> new String(bytes.bytes(), StandardCharsets.ISO_8859_1));
    }

    /// For people: one line, not endless, without control characters.
    static Optional<String> line(Dict dict, String key) {
        return text(dict, key)
                .map(bytes -> TrackerText.line(bytes.bytes()))
                .filter(text -> !text.isEmpty());
    }

    static Optional<Long> number(Dict dict, String key) {
        return dict.value(key).flatMap(AnswerBody::number);
    }

    private static Optional<Long> number(BencodeValue value) {
        return switch (value) {
            case Int(long number) -> Optional.of(number);
            case Text(ByteString bytes) -> digits(bytes.toString());
            case Items _, Dict _ -> Optional.empty();
        };
    }

    private static Optional<Long> digits(String text) {
        boolean fits = !text.isEmpty() && text.length() <= 18;
        return fits && text.chars().allMatch(each -> each >= '0' && each <= '9')
                ? Optional.of(Long.valueOf(text))
                : Optional.empty();
    }
}
