package dev.thistle.protocol.bencode;

import static dev.thistle.protocol.MalformedException.Rule.BAD_VALUE;
import static dev.thistle.protocol.MalformedException.Rule.TOO_LARGE;
import static dev.thistle.protocol.MalformedException.Rule.TRUNCATED;

import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.MalformedException.Rule;
import dev.thistle.protocol.bencode.BencodeValue.Dict;
import dev.thistle.protocol.bencode.BencodeValue.Int;
import dev.thistle.protocol.bencode.BencodeValue.Items;
import dev.thistle.protocol.bencode.BencodeValue.Text;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;

/// Reads bencoding (BEP 3). Numbers and lengths are always canonical: no leading zeros, no `-0`, no
/// `+`. How strictly keys are read is the caller's choice, since real senders break that rule.
///
/// Nothing is allocated for a length before that many bytes are known to be there. One reader
/// serves one call; offsets in errors and in [Dict] count from the buffer's position at the call.
public final class BencodeReader {

    /// libtorrent's default; honest torrents stay below 10.
    public static final int MAX_DEPTH = 100;

    /// libtorrent's default: lists, dictionaries, keys, strings and integers together.
    public static final int MAX_TOKENS = 2_000_000;

    /// What is asked of the keys of a dictionary.
    public enum Keys {
        /// Sorted and unique, as BEP 3 says.
        CANONICAL,
        /// Unique, in any order: torrents of old tools are like that.
        UNIQUE,
        /// Any: tracker answers and extension messages. The first of two equal keys counts.
        ANY
    }

    private final ByteBuffer in;
    private final int base;
    private final Keys keys;
    private int tokens;

    private BencodeReader(ByteBuffer in, Keys keys) {
        this.in = in;
        this.base = in.position();
        this.keys = keys;
    }

    /// Reads one value that fills `in` to its limit.
    public static BencodeValue readAll(ByteBuffer in, Keys keys) throws MalformedException {
        var reader = new BencodeReader(in, keys);
        BencodeValue value = reader.value(0);
        if (in.hasRemaining()) {
            throw reader.malformed(
                    TOO_LARGE, "%d bytes after the end of the value".formatted(in.remaining()));
        }
        return value;
    }

    /// Reads one value and leaves what follows it in `in`.
    public static BencodeValue readFirst(ByteBuffer in, Keys keys) throws MalformedException {
        return new BencodeReader(in, keys).value(0);
    }

    private BencodeValue value(int depth) throws MalformedException {
        if (depth > MAX_DEPTH) {
            throw malformed(TOO_LARGE, "nested deeper than the %d allowed".formatted(MAX_DEPTH));
        }
        int start = in.position() - base;
        byte kind = peek("a value");
        return switch (kind) {
            case 'i' -> {
                in.get();
                countToken();
                yield new Int(digits('e', true));
            }
            case 'l' -> {
                in.get();
                countToken();
                var items = new ArrayList<BencodeValue>();
                while (!atEnd("a list")) {
                    items.add(value(depth + 1));
                }
                yield new Items(items);
            }
            case 'd' -> {
                in.get();
                countToken();
                yield dictionary(depth, start);
            }
            default -> new Text(byteString("i, l, d or a digit"));
        };
    }

    private Dict dictionary(int depth, int start) throws MalformedException {
        var entries = new LinkedHashMap<ByteString, BencodeValue>();
        ByteString previous = null;
        while (!atEnd("a dictionary")) {
            ByteString key = byteString("a digit, because a key is a byte string, or e");
            if (keys == Keys.CANONICAL && previous != null && key.compareTo(previous) < 0) {
                throw malformed(
                        BAD_VALUE,
                        "key '%s' after '%s', allowed only in byte order"
                                .formatted(brief(key), brief(previous)));
            }
            if (keys != Keys.ANY && entries.containsKey(key)) {
                throw malformed(BAD_VALUE, "key '%s' twice, allowed once".formatted(brief(key)));
            }
            entries.putIfAbsent(key, value(depth + 1));
            previous = key;
        }
        return new Dict(entries, start, in.position() - base);
    }

    private ByteString byteString(String allowed) throws MalformedException {
        byte first = peek("a byte string");
        if (first < '0' || first > '9') {
            throw malformed(BAD_VALUE, "byte 0x%02x, allowed %s".formatted(first, allowed));
        }
        countToken();
        long length = digits(':', false);
        if (length > in.remaining()) {
            throw malformed(
                    TRUNCATED, "string of %d bytes, %d are left".formatted(length, in.remaining()));
        }
        return ByteString.read(in, (int) length);
    }

    /// Reads canonical decimal digits up to and including `terminator`.
    private long digits(char terminator, boolean signed) throws MalformedException {
        boolean negative = signed && peek("a number") == '-';
        if (negative) {
            in.get();
        }
        long value = 0; // kept negative, because the smallest long has no positive twin
        int count = 0;
        boolean leadingZero = false;
        while (peek("a number") != terminator) {
            byte found = in.get();
            int digit = found - '0';
            if (digit < 0 || digit > 9) {
                throw malformed(
                        BAD_VALUE,
                        "byte 0x%02x in a number, allowed 0-9 and '%c'"
                                .formatted(found, terminator));
            }
            leadingZero |= count == 1 && value == 0;
            count++;
            if (value < (Long.MIN_VALUE + digit) / 10) {
                throw malformed(TOO_LARGE, "number, allowed signed 64 bit");
            }
            value = value * 10 - digit;
        }
        in.get();
        if (count == 0) {
            throw malformed(BAD_VALUE, "number without digits");
        }
        if (leadingZero || (negative && value == 0)) {
            throw malformed(BAD_VALUE, "leading zero or -0 in a number, allowed the shortest form");
        }
        if (!negative && value == Long.MIN_VALUE) {
            throw malformed(TOO_LARGE, "number, allowed signed 64 bit");
        }
        return negative ? value : -value;
    }

    private boolean atEnd(String what) throws MalformedException {
        if (peek(what) != 'e') {
            return false;
        }
        in.get();
        return true;
    }

    private byte peek(String what) throws MalformedException {
        if (!in.hasRemaining()) {
            throw malformed(TRUNCATED, "input ends inside %s".formatted(what));
        }
        return in.get(in.position());
    }

    private void countToken() throws MalformedException {
        if (++tokens > MAX_TOKENS) {
            throw malformed(TOO_LARGE, "more than the %d values allowed".formatted(MAX_TOKENS));
        }
    }

    private static String brief(ByteString key) {
        String text = key.toString();
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }

    private MalformedException malformed(Rule rule, String detail) {
        return new MalformedException(rule, "bencode", in.position() - base, detail);
    }
}
