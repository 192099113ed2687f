package dev.thistle.protocol.bencode;

import dev.thistle.protocol.bencode.BencodeValue.Dict;
import dev.thistle.protocol.bencode.BencodeValue.Int;
import dev.thistle.protocol.bencode.BencodeValue.Items;
import dev.thistle.protocol.bencode.BencodeValue.Text;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;

/// Writes canonical bencoding: keys sorted as raw bytes, numbers in their shortest form (BEP 3).
/// Stateless.
public final class BencodeWriter {

    private BencodeWriter() {}

    public static byte[] write(BencodeValue value) {
        var out = new ByteArrayOutputStream();
        write(value, out);
        return out.toByteArray();
    }

    private static void write(BencodeValue value, ByteArrayOutputStream out) {
        switch (value) {
            case Int(long number) -> ascii("i" + number + "e", out);
            case Text(ByteString text) -> write(text, out);
            case Items(var items) -> {
                out.write('l');
                items.forEach(item -> write(item, out));
                out.write('e');
            }
            case Dict dict -> {
                out.write('d');
                new TreeMap<>(dict.entries())
                        .forEach((key, entry) -> {
                            write(key, out);
                            write(entry, out);
                        });
                out.write('e');
            }
        }
    }

    private static void write(ByteString text, ByteArrayOutputStream out) {
        ascii(text.length() + ":", out);
        out.writeBytes(text.bytes());
    }

    private static void ascii(String text, ByteArrayOutputStream out) {
        out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }
}
