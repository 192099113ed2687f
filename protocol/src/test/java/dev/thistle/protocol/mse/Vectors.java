package dev.thistle.protocol.mse;

import dev.thistle.protocol.InfoHash;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The vector files: `mse.json` has made conversations with every value in between,
/// `mse-captures.json` real ones between other clients.
final class Vectors {

    static final JsonNode MADE = read("/vectors/mse.json");
    static final JsonNode CAPTURED = read("/vectors/mse-captures.json").get("captures");

    private Vectors() {}

    private static JsonNode read(String name) {
        try (InputStream in = Objects.requireNonNull(Vectors.class.getResourceAsStream(name))) {
            return JsonMapper.shared().readTree(in.readAllBytes());
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    static Stream<Arguments> named(JsonNode list) {
        return list.valueStream().map(one -> Arguments.of(one.get("name").asString(), one));
    }

    static JsonNode handshake(String name) {
        return MADE.get("handshakes")
                .valueStream()
                .filter(one -> one.get("name").asString().equals(name))
                .findFirst()
                .orElseThrow();
    }

    static byte[] bytes(JsonNode vector, String field) {
        return HexFormat.of().parseHex(vector.get(field).asString());
    }

    static InfoHash infoHash(JsonNode vector, String field) {
        return InfoHash.ofHex(vector.get(field).asString());
    }

    static CryptoMethod method(int bits) {
        return bits == CryptoMethod.RC4.bit() ? CryptoMethod.RC4 : CryptoMethod.PLAINTEXT;
    }
}
