package dev.thistle.engine.creation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.engine.pieces.PieceCheck;
import dev.thistle.engine.storage.FileStore;
import dev.thistle.protocol.metainfo.FileEntry;
import dev.thistle.protocol.metainfo.MetaVersion;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.metainfo.MetainfoReader;
import dev.thistle.protocol.metainfo.TorrentBuilder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class ContentHashTest {

    private static final int PIECE = 32 * 1024;

    @TempDir Path folder;

    static Stream<Arguments> versionsAndSeeds() {
        return Stream.of(MetaVersion.values())
                .flatMap(version ->
                        Stream.iterate(0, seed -> seed < 12, seed -> seed + 1)
                                .map(seed -> Arguments.of(version, seed)));
    }

    /// [PieceCheck] hashes in another way, one piece after the other through the files' store, and
    /// the reader holds both halves of a hybrid against each other.
    @ParameterizedTest(name = "{0}, seed {1}")
    @MethodSource("versionsAndSeeds")
    void the_content_is_right_for_the_torrent_made_of_it(MetaVersion version, int seed)
            throws Exception {
        var random = new Random(seed);
        List<ContentFile> files = new ArrayList<>();
        int count = 1 + random.nextInt(9);
        for (int i = 0; i < count; i++) {
            int[] lengths = {0, 1, 16_384, PIECE - 1, PIECE, PIECE + 1, 5 * PIECE};
            int pick = random.nextInt(lengths.length + 3);
            int length = pick < lengths.length ? lengths[pick] : random.nextInt(1, 20 * PIECE);
            files.add(file("f" + i, length, random));
        }
        files.add(file("g", 70_000, random));

        Metainfo torrent = make(files, version);

        assertThat(torrent.version()).isEqualTo(version);
        try (var store = FileStore.open(folder, torrent, false)) {
            assertThat(
                            new PieceCheck(torrent, store)
                                    .run(_ -> {}, () -> false)
                                    .right()
                                    .cardinality())
                    .isEqualTo(torrent.pieceCount());
        }
        assertThat(torrent.lengthBytes())
                .isEqualTo(files.stream().mapToLong(ContentFile::lengthBytes).sum());
        FileEntry last = torrent.files().getLast();
        assertThat(last.padding()).isEqualTo(version == MetaVersion.HYBRID);
    }

    private ContentFile file(String name, int length, Random random) throws IOException {
        Path file = folder.resolve("t").resolve(name);
        Files.createDirectories(file.getParent());
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        Files.write(file, bytes);
        return ContentFile.of(file, List.of(name));
    }

    private static Metainfo make(List<ContentFile> files, MetaVersion version) throws Exception {
        var builder = TorrentBuilder.ofFolder("t", PIECE).version(version);
        files.forEach(file -> builder.file(file.path(), file.lengthBytes()));
        var told = new AtomicLong();
        new ContentHash(files, PIECE, version).hash(builder, told::set);
        assertThat(told.get())
                .isBetween(0L, files.stream().mapToLong(ContentFile::lengthBytes).sum());
        return MetainfoReader.read(ByteBuffer.wrap(builder.build()));
    }

    @Test
    void a_file_that_is_shorter_than_it_was_is_named() throws Exception {
        ContentFile whole = file("a", 3 * PIECE, new Random(1));
        var longer = new ContentFile(whole.file(), whole.path(), 4 * PIECE, Set.of());

        assertThatThrownBy(() -> make(List.of(longer), MetaVersion.V2))
                .isInstanceOf(IOException.class)
                .hasMessage(whole.file() + " became shorter while it was read");
    }
}
