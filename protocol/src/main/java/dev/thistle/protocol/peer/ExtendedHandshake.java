package dev.thistle.protocol.peer;

import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.bencode.BencodeReader;
import dev.thistle.protocol.bencode.BencodeReader.Keys;
import dev.thistle.protocol.bencode.BencodeValue;
import dev.thistle.protocol.bencode.BencodeValue.Dict;
import dev.thistle.protocol.bencode.BencodeWriter;
import dev.thistle.protocol.bencode.ByteString;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// What a peer tells about itself in extension message 0 (BEP 10).
///
/// @param extensions names and the ids under which the *sender* wants to receive them; id 0
///   switches one off. At most [#MAX_EXTENSIONS] are kept
/// @param client `v`: name and version, at most [#MAX_CLIENT_CHARS] printable characters
/// @param listenPort `p`: where the sender accepts connections
/// @param requestQueue `reqq`: how many requests the sender queues, [#MAX_REQUEST_QUEUE] at most
/// @param prefersEncryption `e`: the sender would rather be called with MSE
/// @param uploadOnly `upload_only`: the sender wants nothing (BEP 21)
public record ExtendedHandshake(
        Map<String, Integer> extensions,
        Optional<String> client,
        Optional<Integer> listenPort,
        Optional<Integer> requestQueue,
        boolean prefersEncryption,
        boolean uploadOnly) {

    /// Real clients name fewer than ten.
    public static final int MAX_EXTENSIONS = 64;

    /// Enough for every client string seen, short enough for one line of a peer list.
    public static final int MAX_CLIENT_CHARS = 64;

    /// libtorrent accepts 2000 requests, the most of all clients; more is not believed.
    public static final int MAX_REQUEST_QUEUE = 2000;

    public ExtendedHandshake {
        extensions = Map.copyOf(extensions);
    }

    /// Reads the payload of extension message 0. Unknown keys, and known ones with a value of the
    /// wrong kind or size, are ignored: clients differ. What is not a dictionary is refused.
    public static ExtendedHandshake decode(ByteBuffer payload) throws MalformedException {
        BencodeValue value = BencodeReader.readFirst(payload, Keys.ANY);
        if (!(value instanceof Dict dict)) {
            throw new MalformedException(
                    MalformedException.Rule.BAD_VALUE, "extended handshake", 0, "not a dictionary");
        }
        var extensions = new HashMap<String, Integer>();
        if (dict.value("m").orElse(null) instanceof Dict m) {
            for (var entry : m.entries().entrySet()) {
                if (entry.getValue() instanceof BencodeValue.Int(long id)
                        && id >= 0
                        && id <= 255
                        && extensions.size() < MAX_EXTENSIONS) {
                    extensions.put(entry.getKey().toString(), (int) id);
                }
            }
        }
        return new ExtendedHandshake(
                extensions,
                text(dict, "v"),
                number(dict, "p", 1, 0xFFFF),
                number(dict, "reqq", 1, Integer.MAX_VALUE)
                        .map(queue -> Math.min(queue, MAX_REQUEST_QUEUE)),
                number(dict, "e", 1, 1).isPresent(),
                number(dict, "upload_only", 1, 1).isPresent());
    }

    private static Optional<Integer> number(Dict dict, String key, int least, int most) {
        return dict.value(key).orElse(null) instanceof BencodeValue.Int(long number)
                        && number >= least
                        && number <= most
                ? Optional.of((int) number)
                : Optional.empty();
    }

    private static Optional<String> text(Dict dict, String key) {
        if (!(dict.value(key).orElse(null) instanceof BencodeValue.Text(ByteString bytes))) {
            return Optional.empty();
        }
        // Control characters beyond ASCII and line separators steer terminals too.
        String printable = bytes.toString().replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]", "");
        int end = Math.min(printable.length(), MAX_CLIENT_CHARS);
        boolean cutsPair = end > 0 && Character.isHighSurrogate(printable.charAt(end - 1));
        return Optional.of(printable.substring(0, cutsPair ? end - 1 : end));
    }

    /// The bencoded payload of extension message 0.
    public ByteBuffer encode() {
        var m = Dict.builder();
        extensions.forEach(m::put);
        var dict = Dict.builder().put("m", m.build());
        client.ifPresent(name -> dict.put("v", name));
        listenPort.ifPresent(port -> dict.put("p", port));
        requestQueue.ifPresent(queue -> dict.put("reqq", queue));
        if (prefersEncryption) {
            dict.put("e", 1);
        }
        if (uploadOnly) {
            dict.put("upload_only", 1);
        }
        return ByteBuffer.wrap(BencodeWriter.write(dict.build()));
    }
}
