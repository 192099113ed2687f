package dev.thistle.protocol.peer;

import dev.thistle.protocol.bencode.ByteString;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Three real sessions between two libtorrent 2.0.8 clients, and a fourth's hash messages.
final class PeerWireCaptures {

    /// One whole message as it was on the wire, length prefix included.
    record Frame(String session, String from, String kind, ByteString bytes) {
        @Override
        public String toString() {
            return "%s, %s: %s, %d bytes".formatted(session, from, kind, bytes.length());
        }
    }

    private PeerWireCaptures() {}

    /// Everything that is recorded whole: the data of blocks is not.
    static Stream<Frame> frames() {
        return wholeMessages().filter(frame -> !frame.kind().equals("handshake"));
    }

    static Stream<Frame> handshakes() {
        return wholeMessages().filter(frame -> frame.kind().equals("handshake"));
    }

    private static Stream<Frame> wholeMessages() {
        JsonNode file = read();
        Stream<JsonNode> sessions = stream(file.get("sessions"));
        return Stream.concat(
                sessions.flatMap(
                        session -> messages(session.get("form").asString(), session).stream()),
                messages("550 leaves", file.get("hash_messages_550_leaves")).stream());
    }

    private static List<Frame> messages(String session, JsonNode parent) {
        return stream(parent.get("messages"))
                .filter(message -> !message.get(2).asString().endsWith("..."))
                .map(message ->
                        new Frame(
                                session,
                                message.get(0).asString(),
                                message.get(1).asString(),
                                ByteString.of(HexFormat.of().parseHex(message.get(2).asString()))))
                .toList();
    }

    private static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    private static JsonNode read() {
        try (var in =
                PeerWireCaptures.class.getResourceAsStream("/vectors/peer-wire-captures.json")) {
            return JsonMapper.shared().readTree(Objects.requireNonNull(in));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
