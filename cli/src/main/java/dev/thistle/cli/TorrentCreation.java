package dev.thistle.cli;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import dev.thistle.engine.creation.ContentFile;
import dev.thistle.engine.creation.ContentHash;
import dev.thistle.protocol.metainfo.MetaVersion;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.metainfo.MetainfoReader;
import dev.thistle.protocol.metainfo.PieceLength;
import dev.thistle.protocol.metainfo.SafePaths;
import dev.thistle.protocol.metainfo.TorrentBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// `thistle create`: hashes a file or folder into a torrent.
final class TorrentCreation {

    /// What readers keep; see [TorrentBuilder#announceTier].
    private static final int MAX_ADDRESS_CHARS = 2_048;

    private static final List<String> TRACKERS = List.of("http", "https", "udp");

    /// BEP 8 is defined for HTTP alone.
    private static final List<String> HTTP = List.of("http", "https");

    private static final List<String> WEB_SEEDS = List.of("http", "https", "ftp");

    /// What the torrent shall say beside its content.
    record Wanted(
            List<String> trackers,
            List<String> obfuscatedTrackers,
            List<String> webSeeds,
            Optional<Integer> pieceLengthBytes,
            MetaVersion version,
            boolean isPrivate,
            Optional<String> comment,
            boolean dated) {}

    private final Console console;

    TorrentCreation(Console console) {
        this.console = console;
    }

    int create(Path content, Path target, Wanted wanted) throws IOException, InterruptedException {
        requireWritable(target);
        byte[] torrent;
        boolean replaced = Files.exists(target);
        try (var _ = Interruption.of(console, () -> "interrupted: no torrent was written")) {
            torrent = build(content, target, wanted);
        }
        write(torrent, target);
        Metainfo metainfo = MetainfoReader.read(ByteBuffer.wrap(torrent));
        console.say(target.toString());
        if (replaced) {
            console.note("replaced the %s that was there".formatted(target));
        }
        TorrentDisplay.printHashes(console, metainfo.infoHashes());
        long files = metainfo.files().stream().filter(file -> !file.padding()).count();
        console.say(
                "  content    %s in %s, %s of %s"
                        .formatted(
                                Console.bytes(metainfo.lengthBytes()),
                                Console.count(files, "file"),
                                Console.count(metainfo.pieceCount(), "piece"),
                                Console.bytes(metainfo.pieceLengthBytes())));
        warnOfUnsafeNames(metainfo);
        return 0;
    }

    /// Whole or not at all: into a file beside the target that then takes its place. What is no
    /// plain file, such as a pipe, or lies in a folder that takes no new file, is written to as it
    /// is.
    private static void write(byte[] torrent, Path target) throws IOException {
        Path real = Files.exists(target) ? target.toRealPath() : target.toAbsolutePath();
        Path folder = real.getParent();
        boolean isPlain = Files.isRegularFile(real) || !Files.exists(real);
        if (folder == null || !isPlain || !Files.isWritable(folder)) {
            Files.write(target, torrent);
            return;
        }
        Path unfinished = folder.resolve("." + real.getFileName() + ".unfinished");
        try {
            Files.write(unfinished, torrent);
            Files.move(unfinished, real, ATOMIC_MOVE, REPLACE_EXISTING);
        } catch (FileSystemException failed) { // names the file beside it
            throw new IOException(
                    "%s cannot be written (%s)".formatted(target, Failure.describe(failed)),
                    failed);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    /// Said before hours of hashing, not after.
    private static void requireWritable(Path target) throws IOException {
        Path folder = target.toAbsolutePath().getParent();
        if (Files.isDirectory(target)) {
            throw new IOException("%s is a folder, allowed a file to write".formatted(target));
        }
        if (folder == null || !Files.isDirectory(folder)) {
            throw new IOException("%s: there is no such folder to write to".formatted(folder));
        }
        if (!Files.isWritable(Files.exists(target) ? target : folder)) {
            throw new AccessDeniedException(target.toString());
        }
    }

    /// Everybody stores such files under other names, so they cannot be seeded from here.
    private void warnOfUnsafeNames(Metainfo metainfo) {
        List<List<String>> paths = SafePaths.of(metainfo);
        for (int i = 0; i < paths.size(); i++) {
            List<String> raw = new ArrayList<>(metainfo.files().get(i).path());
            if (!metainfo.isSingleFile()) {
                raw.addFirst(metainfo.name());
            }
            if (!raw.equals(paths.get(i))) {
                console.note(
                        "the name %s is not safe on every system; seed and get call it %s, so rename it"
                                .formatted(String.join("/", raw), String.join("/", paths.get(i))));
                return;
            }
        }
    }

    /// The bytes of the torrent file.
    ///
    /// @param target a file that is left out, if it lies inside the content
    byte[] build(Path content, Path target, Wanted wanted)
            throws IOException, InterruptedException {
        requireAddresses("--tracker", TRACKERS, wanted.trackers());
        requireAddresses("--obfuscated-tracker", HTTP, wanted.obfuscatedTrackers());
        requireAddresses("--web-seed", WEB_SEEDS, wanted.webSeeds());
        Path root = content.toRealPath();
        if (root.getFileName() == null) {
            throw new IOException("%s has no name that a torrent could take".formatted(root));
        }
        List<ContentFile> sources = sources(root, target);
        long total = sources.stream().mapToLong(ContentFile::lengthBytes).sum();
        if (total == 0) {
            throw new IOException("%s holds no bytes to make a torrent of".formatted(content));
        }
        int pieceLength = pieceLength(wanted, total);
        String name = root.getFileName().toString();
        TorrentBuilder builder;
        if (Files.isDirectory(root)) {
            builder = TorrentBuilder.ofFolder(name, pieceLength).version(wanted.version());
            for (ContentFile source : sources) {
                builder.file(source.path(), source.lengthBytes(), source.attributes());
            }
        } else {
            builder =
                    TorrentBuilder.ofFile(name, total, pieceLength, sources.getFirst().attributes())
                            .version(wanted.version());
        }
        wanted.trackers().forEach(url -> builder.announceTier(List.of(url)));
        wanted.obfuscatedTrackers().forEach(url -> builder.obfuscateAnnounceTier(List.of(url)));
        wanted.webSeeds().forEach(builder::webSeed);
        builder.isPrivate(wanted.isPrivate());
        wanted.comment().ifPresent(builder::comment);
        builder.createdBy("Thistle 0.1");
        if (wanted.dated()) {
            builder.creationDate(Instant.ofEpochSecond(Instant.now().getEpochSecond()));
        }
        var hash = new ContentHash(sources, pieceLength, wanted.version());
        try (var progress = new Progress(console, "hashing", total)) {
            hash.hash(builder, done -> progress.at(done, ""));
        }
        try {
            return builder.build();
        } catch (IllegalStateException overLimit) {
            throw new IOException(overLimit.getMessage(), overLimit);
        }
    }

    /// What a reader would drop in silence, or nobody could ask.
    private static void requireAddresses(
            String option, List<String> schemes, List<String> addresses) throws UsageException {
        for (String address : addresses) {
            if (!isAddress(address, schemes)) {
                throw new UsageException(
                        "%s '%s', allowed a URL of at most %d characters that starts with %s://"
                                .formatted(
                                        option,
                                        address,
                                        MAX_ADDRESS_CHARS,
                                        String.join("://, ", schemes)));
            }
        }
    }

    private static boolean isAddress(String text, List<String> schemes) {
        try {
            URI uri = new URI(text);
            String scheme = uri.getScheme();
            return scheme != null
                    && schemes.contains(scheme.toLowerCase(Locale.ROOT))
                    && uri.getHost() != null
                    && text.length() <= MAX_ADDRESS_CHARS
                    && Console.printable(text).equals(text);
        } catch (URISyntaxException other) {
            return false;
        }
    }

    private static int pieceLength(Wanted wanted, long total) throws UsageException {
        if (wanted.pieceLengthBytes().isEmpty()) {
            return PieceLength.forTotal(total);
        }
        int bytes = wanted.pieceLengthBytes().get();
        if (bytes < PieceLength.MIN_BYTES
                || bytes > MetainfoReader.MAX_PIECE_LENGTH_BYTES
                || Integer.bitCount(bytes) != 1) {
            throw new UsageException(
                    "--piece-size %d, allowed a power of two from %d to %d"
                            .formatted(
                                    bytes,
                                    PieceLength.MIN_BYTES,
                                    MetainfoReader.MAX_PIECE_LENGTH_BYTES));
        }
        if (Math.ceilDiv(total, (long) bytes) > MetainfoReader.MAX_PIECES) {
            throw new UsageException(
                    "--piece-size %d makes %d pieces, allowed up to %d"
                            .formatted(
                                    bytes,
                                    Math.ceilDiv(total, (long) bytes),
                                    MetainfoReader.MAX_PIECES));
        }
        return bytes;
    }

    /// Byte order, element by element: what v2 demands, and as good as any for v1.
    private static final Comparator<Path> BY_ELEMENTS =
            (one, other) -> {
                int common = Math.min(one.getNameCount(), other.getNameCount());
                for (int i = 0; i < common; i++) {
                    int order = one.getName(i).compareTo(other.getName(i));
                    if (order != 0) {
                        return order;
                    }
                }
                return one.getNameCount() - other.getNameCount();
            };

    /// All files below `root` in a fixed order; symbolic links are left out.
    private static List<ContentFile> sources(Path root, Path target) throws IOException {
        if (Files.isRegularFile(root)) {
            return List.of(ContentFile.of(root, List.of(root.getFileName().toString())));
        }
        var sources = new ArrayList<ContentFile>();
        Path excluded = Files.exists(target) ? target.toRealPath() : target.toAbsolutePath();
        try (Stream<Path> walk = Files.walk(root)) {
            List<Path> files =
                    walk.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                            .filter(file -> !file.equals(excluded))
                            .sorted(Comparator.comparing(root::relativize, BY_ELEMENTS))
                            .toList();
            for (Path file : files) {
                List<String> path =
                        StreamSupport.stream(root.relativize(file).spliterator(), false)
                                .map(Path::toString)
                                .toList();
                sources.add(ContentFile.of(file, path));
            }
        } catch (UncheckedIOException failed) {
            throw failed.getCause();
        }
        return sources;
    }
}
