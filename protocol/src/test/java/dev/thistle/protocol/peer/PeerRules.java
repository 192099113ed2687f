package dev.thistle.protocol.peer;

import dev.thistle.protocol.PeerAddress;
import dev.thistle.protocol.tracker.IpText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Vectors of the rules that both ends of a connection compute alike.
final class PeerRules {

    private PeerRules() {}

    static Stream<JsonNode> vectors(String rule) {
        try (var in = PeerRules.class.getResourceAsStream("/vectors/peers-and-ids.json")) {
            JsonNode file = JsonMapper.shared().readTree(Objects.requireNonNull(in));
            return StreamSupport.stream(file.get(rule).spliterator(), false);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    static PeerAddress address(String ip, int port) {
        return PeerAddress.of(IpText.parse(ip).orElseThrow(), port);
    }
}
