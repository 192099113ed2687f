package dev.thistle.cli;

import dev.thistle.protocol.bencode.BencodeValue;
import dev.thistle.protocol.bencode.BencodeValue.Dict;
import dev.thistle.protocol.bencode.BencodeValue.Items;
import dev.thistle.protocol.bencode.BencodeValue.Text;
import dev.thistle.protocol.bencode.BencodeWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// Data and torrents for tests.
final class Samples {

    static final int PIECE = 16 * 1024;

    private Samples() {}

    /// The same for the same length.
    static byte[] content(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    static Path write(Path file, byte[] content) throws IOException {
        Files.createDirectories(file.getParent());
        return Files.write(file, content);
    }

    /// A torrent of `data` made by the program.
    static Path create(Path data, Path torrent, Object... more) throws Exception {
        List<Object> args =
                new ArrayList<>(List.of("create", data, "-o", torrent, "--piece-size", PIECE));
        args.addAll(List.of(more));
        Program.run(args.toArray()).expectDone();
        return torrent;
    }

    /// A torrent of two files with these paths, as only a stranger would write it.
    static byte[] folder(String name, byte[] content, List<List<String>> paths) throws Exception {
        var files = new ArrayList<BencodeValue>();
        int each = content.length / paths.size();
        for (List<String> path : paths) {
            boolean isLast = files.size() == paths.size() - 1;
            int length = isLast ? content.length - each * (paths.size() - 1) : each;
            files.add(Dict.builder().put("length", length).put("path", texts(path)).build());
        }
        return torrent(
                Dict.builder()
                        .put("files", new Items(files))
                        .put("name", name)
                        .put("piece length", PIECE)
                        .put("pieces", hashes(content)));
    }

    static byte[] file(String name, byte[] content) throws Exception {
        return torrent(
                Dict.builder()
                        .put("length", content.length)
                        .put("name", name)
                        .put("piece length", PIECE)
                        .put("pieces", hashes(content)));
    }

    static byte[] torrent(Dict.Builder info) {
        return BencodeWriter.write(Dict.builder().put("info", info.build()).build());
    }

    static byte[] hashes(byte[] content) throws Exception {
        MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
        int count = Math.ceilDiv(content.length, PIECE);
        byte[] hashes = new byte[20 * count];
        for (int i = 0; i < count; i++) {
            int end = Math.min(content.length, (i + 1) * PIECE);
            byte[] hash = sha1.digest(Arrays.copyOfRange(content, i * PIECE, end));
            System.arraycopy(hash, 0, hashes, 20 * i, 20);
        }
        return hashes;
    }

    private static Items texts(List<String> texts) {
        return new Items(texts.stream().<BencodeValue>map(Text::of).toList());
    }
}
