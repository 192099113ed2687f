package dev.thistle.e2e.peer;

import dev.thistle.e2e.lan.Host;
import dev.thistle.protocol.bencode.BencodeReader;
import dev.thistle.protocol.bencode.BencodeValue;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
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
        return hash(torrent, "SHA-1");
    }

    /// What its swarms are called, in lower-case hex: a hybrid has two, and of SHA-256 the first 20
    /// bytes count (BEP 52).
    public static List<String> names(Path torrent, TorrentVersion version) throws IOException {
        var names = new ArrayList<String>();
        if (version != TorrentVersion.V2) {
            names.add(infoHash(torrent));
        }
        if (version != TorrentVersion.V1) {
            names.add(hash(torrent, "SHA-256").substring(0, 40));
        }
        return names;
    }

    /// The link to it (BEP 9, BEP 52): its hashes and trackers, and nothing else of what it says.
    public static String magnet(Path torrent, TorrentVersion version, List<String> trackers)
            throws IOException {
        var parts = new ArrayList<String>();
        if (version != TorrentVersion.V2) {
            parts.add("xt=urn:btih:" + infoHash(torrent));
        }
        if (version != TorrentVersion.V1) {
            parts.add("xt=urn:btmh:1220" + hash(torrent, "SHA-256"));
        }
        for (String tracker : trackers) {
            parts.add("tr=" + URLEncoder.encode(tracker, StandardCharsets.UTF_8));
        }
        return "magnet:?" + String.join("&", parts);
    }

    private static String hash(Path torrent, String algorithm) throws IOException {
        byte[] file = Files.readAllBytes(torrent);
        var root =
                (BencodeValue.Dict)
                        BencodeReader.readAll(ByteBuffer.wrap(file), BencodeReader.Keys.CANONICAL);
        BencodeValue.Dict info = root.dict("info").orElseThrow();
        try {
            var digest = MessageDigest.getInstance(algorithm);
            digest.update(file, info.start(), info.end() - info.start());
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has " + algorithm, e);
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
