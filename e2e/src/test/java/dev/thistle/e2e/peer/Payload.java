package dev.thistle.e2e.peer;

import dev.thistle.e2e.wire.Conversation.Said;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Random files to be exchanged: the same for the same seed, so a failure can be repeated.
public final class Payload {

    /// 64 MiB, some hundred pieces: enough for every client to pipeline and choke.
    private static final int TOTAL_BYTES = 64 << 20;

    private static final int SMALL_BYTES = 4 << 20;

    private static final int BLOCK_BYTES = 16 * 1024;

    private final Path folder;
    private final String name;
    private final List<Path> files;

    /// The 16 bytes at the start of each 16 KiB of each file, as two longs.
    private final Map<Long, Long> excerpts = new HashMap<>();

    private Payload(Path folder, String name, SequencedMap<String, Integer> sizes, long seed)
            throws IOException {
        this.folder = folder;
        this.name = name;
        this.files = sizes.keySet().stream().map(Path::of).toList();
        var random = new Random(seed);
        for (Map.Entry<String, Integer> file : sizes.entrySet()) {
            write(folder.resolve(file.getKey()), file.getValue(), random);
        }
    }

    /// One file of 64 MiB.
    public static Payload single(Path folder, long seed) throws IOException {
        var sizes = new TreeMap<>(Map.of("payload.bin", TOTAL_BYTES));
        return new Payload(folder, "payload.bin", sizes, seed);
    }

    /// One file of 4 MiB, for who looks at how transfers begin.
    public static Payload small(Path folder, long seed) throws IOException {
        var sizes = new TreeMap<>(Map.of("payload.bin", SMALL_BYTES));
        return new Payload(folder, "payload.bin", sizes, seed);
    }

    /// A folder of files, nested, with sizes that end inside pieces and inside blocks.
    public static Payload multiple(Path folder, long seed) throws IOException {
        var sizes = new TreeMap<>(Map.of("bundle/one.bin", 1, "bundle/three.bin", (3 << 20) + 7));
        sizes.put("bundle/deep/er/nested.bin", (20 << 20) - 12_345);
        int left = TOTAL_BYTES - sizes.values().stream().mapToInt(Integer::intValue).sum();
        sizes.put("bundle/rest.bin", left);
        return new Payload(folder, "bundle", sizes, seed);
    }

    /// A folder of 5 MiB with an empty file, one of a whole piece, and sizes that end inside
    /// pieces.
    public static Payload smallFolder(Path folder, long seed) throws IOException {
        var sizes = new TreeMap<>(Map.of("bundle/deep/nested.bin", (3 << 20) + 7));
        sizes.putAll(Map.of("bundle/empty", 0, "bundle/one.bin", 1, "bundle/piece.bin", 1 << 20));
        sizes.put("bundle/rest.bin", 999_999);
        return new Payload(folder, "bundle", sizes, seed);
    }

    /// The folder that holds the file or folder called [#name].
    public Path folder() {
        return folder;
    }

    /// What a torrent of it is made from.
    public Path path() {
        return folder.resolve(name);
    }

    /// Whether all files stand in `target` under their final names, in whatever state.
    public boolean isThere(Path target) {
        return files.stream().allMatch(file -> Files.exists(target.resolve(file)));
    }

    /// What is wrong with the copy in `target`: empty when all files are the same byte for byte.
    public List<String> differences(Path target) {
        return files.stream().flatMap(file -> difference(file, target)).toList();
    }

    private Stream<String> difference(Path file, Path target) {
        Path copy = target.resolve(file);
        if (!Files.isRegularFile(copy)) {
            return Stream.of(file + " is missing");
        }
        try {
            long at = Files.mismatch(folder.resolve(file), copy);
            return at < 0 ? Stream.empty() : Stream.of(file + " differs from byte " + at);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Whether any of it can be read in the clear from what was said on the wire.
    public boolean isVisibleIn(Said said) {
        for (int at = 0; at + 16 <= said.length(); at++) {
            Long second = excerpts.get(said.longAt(at));
            if (second != null && second == said.longAt(at + 8)) {
                return true;
            }
        }
        return false;
    }

    private void write(Path file, int size, Random random) throws IOException {
        Files.createDirectories(file.getParent());
        var bytes = new byte[size];
        random.nextBytes(bytes);
        ByteBuffer content = ByteBuffer.wrap(bytes);
        for (int at = 0; at + 16 <= size; at += BLOCK_BYTES) {
            excerpts.put(content.getLong(at), content.getLong(at + 8));
        }
        Files.write(file, bytes);
    }
}
