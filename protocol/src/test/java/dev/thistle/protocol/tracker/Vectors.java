package dev.thistle.protocol.tracker;

import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.PeerId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The vector files, and values that the tests of this room share.
final class Vectors {

    static final InfoHash HELLO = InfoHash.ofHex("aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d");

    static final PeerId PEER_ID =
            PeerId.of("-TH0100-abcdefghijkl".getBytes(StandardCharsets.US_ASCII));

    private Vectors() {}

    static JsonNode read(String file) {
        try (var in = Vectors.class.getResourceAsStream("/vectors/" + file)) {
            return JsonMapper.shared().readTree(Objects.requireNonNull(in));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    static AnnounceRequest request() {
        return request(6881);
    }

    static AnnounceRequest request(int port) {
        return new AnnounceRequest(
                HELLO,
                PEER_ID,
                port,
                1,
                2,
                3,
                AnnounceEvent.STARTED,
                50,
                0x0BADCAFE,
                CryptoLevel.SUPPORTED,
                null);
    }
}
