package dev.thistle.isp.detect;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The vector files: what other clients really sent, and worked examples of BEP 8.
final class Vectors {

    private Vectors() {}

    static JsonNode read(String file) {
        try (var in = Vectors.class.getResourceAsStream("/vectors/" + file)) {
            return JsonMapper.shared().readTree(Objects.requireNonNull(in));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    static byte[] hex(JsonNode node) {
        return HexFormat.of().parseHex(node.asString());
    }

    /// Conversations between libtorrent, aria2 and Transmission under MSE.
    static Stream<JsonNode> mse() {
        return read("mse-captures.json").get("captures").valueStream();
    }

    /// Real requests to trackers, heads and all.
    static Stream<byte[]> trackerRequests() {
        return read("tracker-captures.json").get("http").valueStream().map(Vectors::request);
    }

    private static byte[] request(JsonNode http) {
        var text = new StringBuilder("GET " + http.get("request_target").asString());
        text.append(" HTTP/1.1\r\n");
        http.get("headers").forEach(line -> text.append(line.asString()).append("\r\n"));
        return Watched.latin(text.append("\r\n").toString());
    }
}
