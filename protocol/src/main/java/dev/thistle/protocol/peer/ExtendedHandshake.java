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
/// @param whereabouts what it says about addresses
/// @param client `v`: name and version, at most [#MAX_CLIENT_CHARS] printable characters
/// @param requestQueue `reqq`: how many requests the sender queues, [#MAX_REQUEST_QUEUE] at most
/// @param metadataBytes `metadata_size`: length of the `info` dictionary, if the sender has it
/// @param prefersEncryption `e`: whether the sender would rather be called with MSE, if it says
/// @param uploadOnly `upload_only`: whether the sender wants nothing (BEP 21), if it says
public record ExtendedHandshake(
        Map<String, Integer> extensions,
        Whereabouts whereabouts,
        Optional<String> client,
        Optional<Integer> requestQueue,
        Optional<Integer> metadataBytes,
        Optional<Boolean> prefersEncryption,
        Optional<Boolean> uploadOnly) {

    /// Addresses as the sender tells them: hints, since anybody can claim anything.
    ///
    /// @param listenPort `p`: where the sender accepts connections
    /// @param yourIp `yourip`: the receiver's address as the sender sees it, 4 or 16 bytes
    /// @param ipv4 `ipv4`: where the sender can be reached as well, 4 bytes
    /// @param ipv6 `ipv6`: the same, 16 bytes
    public record Whereabouts(
            Optional<Integer> listenPort,
            Optional<ByteString> yourIp,
            Optional<ByteString> ipv4,
            Optional<ByteString> ipv6) {

        public static final Whereabouts UNKNOWN =
                new Whereabouts(
                        Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

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
                new Whereabouts(
                        number(dict, "p", 1, 0xFFFF),
                        address(dict, "yourip", 4).or(() -> address(dict, "yourip", 16)),
                        address(dict, "ipv4", 4),
                        address(dict, "ipv6", 16)),
                text(dict, "v"),
                number(dict, "reqq", 1, Integer.MAX_VALUE)
                        .map(queue -> Math.min(queue, MAX_REQUEST_QUEUE)),
                number(dict, "metadata_size", 1, MetadataCodec.MAX_INFO_BYTES),
                flag(dict, "e"),
                flag(dict, "upload_only"));
    }

    private static Optional<Boolean> flag(Dict dict, String key) {
        return number(dict, key, 0, 1).map(set -> set == 1);
    }

    private static Optional<Integer> number(Dict dict, String key, int least, int most) {
        return dict.value(key).orElse(null) instanceof BencodeValue.Int(long number)
                        && number >= least
                        && number <= most
                ? Optional.of((int) number)
                : Optional.empty();
    }

    private static Optional<ByteString> address(Dict dict, String key, int bytes) {
        return dict.value(key).orElse(null) instanceof BencodeValue.Text(ByteString address)
                        && address.length() == bytes
                ? Optional.of(address)
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
        whereabouts.listenPort().ifPresent(port -> dict.put("p", port));
        whereabouts.yourIp().ifPresent(ip -> dict.put("yourip", new BencodeValue.Text(ip)));
        whereabouts.ipv4().ifPresent(ip -> dict.put("ipv4", new BencodeValue.Text(ip)));
        whereabouts.ipv6().ifPresent(ip -> dict.put("ipv6", new BencodeValue.Text(ip)));
        requestQueue.ifPresent(queue -> dict.put("reqq", queue));
        metadataBytes.ifPresent(bytes -> dict.put("metadata_size", bytes));
        prefersEncryption.ifPresent(set -> dict.put("e", set ? 1 : 0));
        uploadOnly.ifPresent(set -> dict.put("upload_only", set ? 1 : 0));
        return ByteBuffer.wrap(BencodeWriter.write(dict.build()));
    }
}
