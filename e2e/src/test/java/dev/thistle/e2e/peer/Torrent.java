package dev.thistle.e2e.peer;

import dev.thistle.e2e.lan.Host;
import dev.thistle.protocol.bencode.BencodeReader;
import dev.thistle.protocol.bencode.BencodeValue;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// Torrent files, looked at and made without the product's own metainfo code.
public final class Torrent {

    private Torrent() {}

    /// The info-hash in lower-case hex: SHA-1 over the bytes of `info` as they stand (BEP 3).
    public static String infoHash(Path torrent) throws IOException {
        byte[] file = Files.readAllBytes(torrent);
        var root =
                (BencodeValue.Dict)
                        BencodeReader.readAll(ByteBuffer.wrap(file), BencodeReader.Keys.CANONICAL);
        BencodeValue.Dict info = root.dict("info").orElseThrow();
        try {
            var sha1 = MessageDigest.getInstance("SHA-1");
            sha1.update(file, info.start(), info.end() - info.start());
            return HexFormat.of().formatHex(sha1.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }

    /// Makes one with mktorrent, in pieces of 256 KiB.
    public static void make(Host host, Path home, Path path, Path torrent, List<String> trackers)
            throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("mktorrent", "-d", "-l", "18"));
        trackers.forEach(url -> command.addAll(List.of("-a", url)));
        command.addAll(List.of("-o", torrent.toString(), path.toString()));
        host.start(home, command).awaitSuccess(Duration.ofSeconds(30));
    }
}
