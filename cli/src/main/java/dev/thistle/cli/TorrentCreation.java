package dev.thistle.cli;

import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.metainfo.MetainfoReader;
import dev.thistle.protocol.metainfo.PieceLength;
import dev.thistle.protocol.metainfo.TorrentBuilder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// `thistle create`: hashes a file or folder into a torrent.
final class TorrentCreation {

    /// Read at a time: stays in the cache between reading and hashing.
    private static final int CHUNK_BYTES = 256 * 1024;

    /// What the torrent shall say beside its content.
    record Wanted(
            List<String> trackers,
            List<String> obfuscatedTrackers,
            List<String> webSeeds,
            Optional<Integer> pieceLengthBytes,
            boolean isPrivate,
            Optional<String> comment,
            boolean dated) {}

    private record Source(Path file, List<String> path, long lengthBytes) {}

    private final Console console;

    TorrentCreation(Console console) {
        this.console = console;
    }

    int create(Path content, Path target, Wanted wanted) throws IOException {
        byte[] torrent = build(content, wanted);
        Files.write(target, torrent);
        Metainfo metainfo = MetainfoReader.read(ByteBuffer.wrap(torrent));
        console.say(target.toString());
        console.say("  info-hash  %s".formatted(metainfo.infoHash()));
        console.say(
                "  content    %s in %d file%s, %d pieces of %s"
                        .formatted(
                                Console.bytes(metainfo.lengthBytes()),
                                metainfo.files().size(),
                                metainfo.files().size() == 1 ? "" : "s",
                                metainfo.pieceCount(),
                                Console.bytes(metainfo.pieceLengthBytes())));
        return 0;
    }

    /// The bytes of the torrent file.
    byte[] build(Path content, Wanted wanted) throws IOException {
        Path root = content.toRealPath();
        List<Source> sources = sources(root);
        long total = sources.stream().mapToLong(Source::lengthBytes).sum();
        if (total == 0) {
            throw new IOException("%s holds no bytes, allowed at least one".formatted(content));
        }
        int pieceLength = wanted.pieceLengthBytes().orElseGet(() -> PieceLength.forTotal(total));
        requirePieceLength(pieceLength);
        String name = root.getFileName().toString();
        TorrentBuilder builder;
        if (Files.isDirectory(root)) {
            builder = TorrentBuilder.ofFolder(name, pieceLength);
            for (Source source : sources) {
                builder.file(source.path(), source.lengthBytes());
            }
        } else {
            builder = TorrentBuilder.ofFile(name, total, pieceLength);
        }
        hash(sources, total, pieceLength, builder);
        try {
            wanted.trackers().forEach(url -> builder.announceTier(List.of(url)));
            wanted.obfuscatedTrackers().forEach(url -> builder.obfuscateAnnounceTier(List.of(url)));
            wanted.webSeeds().forEach(builder::webSeed);
        } catch (IllegalArgumentException badUrl) {
            throw new IOException(badUrl.getMessage(), badUrl);
        }
        builder.isPrivate(wanted.isPrivate());
        wanted.comment().ifPresent(builder::comment);
        builder.createdBy("Thistle 0.1");
        if (wanted.dated()) {
            builder.creationDate(Instant.ofEpochSecond(Instant.now().getEpochSecond()));
        }
        return builder.build();
    }

    private static void requirePieceLength(int bytes) throws IOException {
        if (bytes < PieceLength.MIN_BYTES
                || bytes > MetainfoReader.MAX_PIECE_LENGTH_BYTES
                || Integer.bitCount(bytes) != 1) {
            throw new IOException(
                    "--piece-size %d, allowed a power of two from %d to %d"
                            .formatted(
                                    bytes,
                                    PieceLength.MIN_BYTES,
                                    MetainfoReader.MAX_PIECE_LENGTH_BYTES));
        }
    }

    /// All files below `root` in a fixed order; symbolic links are left out.
    private List<Source> sources(Path root) throws IOException {
        if (!Files.exists(root)) {
            throw new NoSuchFileException(root.toString());
        }
        if (Files.isRegularFile(root)) {
            return List.of(new Source(root, List.of(), Files.size(root)));
        }
        var sources = new ArrayList<Source>();
        try (Stream<Path> walk = Files.walk(root)) {
            List<Path> files =
                    walk.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                            .sorted()
                            .toList();
            for (Path file : files) {
                List<String> path =
                        StreamSupport.stream(root.relativize(file).spliterator(), false)
                                .map(Path::toString)
                                .toList();
                sources.add(new Source(file, path, Files.size(file)));
            }
        }
        return sources;
    }

    private void hash(List<Source> sources, long total, int pieceLength, TorrentBuilder builder)
            throws IOException {
        MessageDigest sha1 = sha1();
        ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);
        long done = 0;
        try (var progress = new Progress(console, "hashing", total)) {
            for (Source source : sources) {
                try (FileChannel file = FileChannel.open(source.file())) {
                    long left = source.lengthBytes();
                    while (left > 0) {
                        long room = Math.min(pieceLength - done % pieceLength, CHUNK_BYTES);
                        chunk.clear().limit((int) Math.min(room, left));
                        if (file.read(chunk) < 0) {
                            throw new IOException(
                                    "%s became shorter while it was read".formatted(source.file()));
                        }
                        left -= chunk.flip().remaining();
                        done += chunk.remaining();
                        sha1.update(chunk);
                        if (done % pieceLength == 0 || done == total) {
                            builder.pieceHash(sha1.digest());
                        }
                        progress.at(done, source.file().getFileName().toString());
                    }
                }
            }
        }
    }

    private static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every JDK has SHA-1", missing);
        }
    }
}
