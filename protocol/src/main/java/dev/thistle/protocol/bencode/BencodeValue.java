package dev.thistle.protocol.bencode;

import static dev.thistle.protocol.MalformedException.Rule.BAD_VALUE;

import dev.thistle.protocol.MalformedException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;

/// One bencoded value (BEP 3): an integer, a byte string, a list or a dictionary.
public sealed interface BencodeValue {

    /// `i42e`. Signed 64 bit: larger ones are refused where they are read.
    record Int(long value) implements BencodeValue {}

    /// `4:spam`.
    record Text(ByteString value) implements BencodeValue {

        public static Text of(String utf8) {
            return new Text(ByteString.utf8(utf8));
        }

        public static Text of(byte[] bytes) {
            return new Text(ByteString.of(bytes));
        }
    }

    /// `l…e`.
    record Items(List<BencodeValue> values) implements BencodeValue {
        public Items {
            values = List.copyOf(values);
        }
    }

    /// `d…e`: keys are byte strings. The typed accessors name the key in what they throw.
    final class Dict implements BencodeValue {
        private final SequencedMap<ByteString, BencodeValue> entries;
        private final int start;
        private final int end;

        Dict(SequencedMap<ByteString, BencodeValue> entries, int start, int end) {
            this.entries = Collections.unmodifiableSequencedMap(entries);
            this.start = start;
            this.end = end;
        }

        /// A dictionary to be written; entries in any order.
        public static Dict of(Map<ByteString, BencodeValue> entries) {
            return new Dict(new LinkedHashMap<>(entries), 0, 0);
        }

        /// Collects the entries of a dictionary to be written.
        public static Builder builder() {
            return new Builder();
        }

        /// In the order of the input.
        public SequencedMap<ByteString, BencodeValue> entries() {
            return entries;
        }

        /// Offset of the `d` in the buffer that was read; 0 for a value made by hand.
        public int start() {
            return start;
        }

        /// Offset after the closing `e`; 0 for a value made by hand.
        public int end() {
            return end;
        }

        public boolean has(String key) {
            return entries.containsKey(ByteString.utf8(key));
        }

        /// Whatever stands under `key`.
        public Optional<BencodeValue> value(String key) {
            return Optional.ofNullable(entries.get(ByteString.utf8(key)));
        }

        public Optional<Long> integer(String key) throws MalformedException {
            return value(key).isEmpty()
                    ? Optional.empty()
                    : Optional.of(typed(key, Int.class, "an integer").value());
        }

        public Optional<ByteString> bytes(String key) throws MalformedException {
            return value(key).isEmpty()
                    ? Optional.empty()
                    : Optional.of(typed(key, Text.class, "a byte string").value());
        }

        public Optional<List<BencodeValue>> list(String key) throws MalformedException {
            return value(key).isEmpty()
                    ? Optional.empty()
                    : Optional.of(typed(key, Items.class, "a list").values());
        }

        public Optional<Dict> dict(String key) throws MalformedException {
            return value(key).isEmpty()
                    ? Optional.empty()
                    : Optional.of(typed(key, Dict.class, "a dictionary"));
        }

        private <T extends BencodeValue> T typed(String key, Class<T> type, String allowed)
                throws MalformedException {
            BencodeValue found = value(key).orElseThrow();
            if (!type.isInstance(found)) {
                throw new MalformedException(
                        BAD_VALUE, key, start, "%s, allowed %s".formatted(kind(found), allowed));
            }
            return type.cast(found);
        }

        /// Same keys and values, whatever their order and place.
        @Override
        public boolean equals(Object other) {
            return other instanceof Dict that && entries.equals(that.entries);
        }

        @Override
        public int hashCode() {
            return entries.hashCode();
        }

        @Override
        public String toString() {
            return entries.toString();
        }

        /// Entries of a dictionary to be written. Not thread-safe.
        public static final class Builder {
            private final NavigableMap<ByteString, BencodeValue> entries = new TreeMap<>();

            public Builder put(String key, BencodeValue value) {
                entries.put(ByteString.utf8(key), value);
                return this;
            }

            public Builder put(ByteString key, BencodeValue value) {
                entries.put(key, value);
                return this;
            }

            public Builder put(String key, long value) {
                return put(key, new Int(value));
            }

            public Builder put(String key, String utf8) {
                return put(key, Text.of(utf8));
            }

            public Builder put(String key, byte[] bytes) {
                return put(key, Text.of(bytes));
            }

            public Dict build() {
                return new Dict(new TreeMap<>(entries), 0, 0);
            }
        }
    }

    /// How an error message names the kind of `value`.
    static String kind(BencodeValue value) {
        return switch (value) {
            case Int _ -> "an integer";
            case Text _ -> "a byte string";
            case Items _ -> "a list";
            case Dict _ -> "a dictionary";
        };
    }
}
