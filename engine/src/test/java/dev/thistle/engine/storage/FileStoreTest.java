package dev.thistle.engine.storage;

import static java.nio.file.attribute.PosixFilePermission.OWNER_EXECUTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.engine.storage.FileStore.StoredFile;
import dev.thistle.protocol.metainfo.FileAttribute;
import dev.thistle.protocol.metainfo.MetainfoReader;
import dev.thistle.protocol.metainfo.TorrentBuilder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FileStoreTest extends StoreContract {

    @TempDir private Path temp;

    /// Lays files of these lengths one behind the other; a negative length is padding.
    private static List<StoredFile> files(int... lengths) {
        var files = new ArrayList<StoredFile>();
        long position = 0;
        for (int i = 0; i < lengths.length; i++) {
            long length = Math.abs(lengths[i]);
            files.add(new StoredFile(List.of("t", "file-" + i), position, length, lengths[i] < 0));
            position += length;
        }
        return files;
    }

    /// Of many files, some of them empty, that follow one another.
    @Override
    PieceStore empty(int lengthBytes) throws IOException {
        var random = new Random(lengthBytes);
        var lengths = IntStream.builder();
        int left = lengthBytes;
        while (left > 3_000) {
            int length = random.nextInt(4) == 0 ? 0 : random.nextInt(3_000);
            lengths.add(length);
            left -= length;
        }
        return open(files(lengths.add(left).build().toArray()));
    }

    private FileStore open(List<StoredFile> files) throws IOException {
        return FileStore.open(temp, files, true);
    }

    private Path file(int index) {
        return temp.resolve("t").resolve("file-" + index);
    }

    private static ByteBuffer bytes(int... bytes) {
        ByteBuffer buffer = ByteBuffer.allocate(bytes.length);
        Arrays.stream(bytes).forEach(octet -> buffer.put((byte) octet));
        return buffer.flip();
    }

    @Test
    void bytes_that_span_files_land_in_each() throws Exception {
        try (var store = open(files(3, 2, 4))) {
            ByteBuffer source = bytes(1, 2, 3, 4, 5, 6, 7);
            store.write(1, source);
            assertThat(source.hasRemaining()).isFalse();
            assertThat(read(store, 0, 8)).isEqualTo(bytes(0, 1, 2, 3, 4, 5, 6, 7));
        }
        assertThat(Files.readAllBytes(file(0))).containsExactly(0, 1, 2);
        assertThat(Files.readAllBytes(file(1))).containsExactly(3, 4);
        assertThat(Files.readAllBytes(file(2))).containsExactly(5, 6, 7);
    }

    @Test
    void a_file_appears_with_its_first_byte() throws Exception {
        try (var store = open(files(3, 3))) {
            assertThat(file(0)).doesNotExist();
            assertThat(store.isThere(0, 1)).isFalse();
            assertThat(file(0)).doesNotExist();
            store.write(4, bytes(9));
            assertThat(file(0)).doesNotExist();
            assertThat(Files.readAllBytes(file(1))).containsExactly(0, 9);
        }
    }

    @Test
    void zero_length_files_appear_at_once_and_are_passed_over() throws Exception {
        try (var store = open(files(0, 2, 0, 0, 2, 0))) {
            for (int empty : new int[] {0, 2, 3, 5}) {
                assertThat(file(empty)).exists().isEmptyFile();
            }
            store.write(0, bytes(1, 2, 3, 4));
            assertThat(read(store, 0, 4)).isEqualTo(bytes(1, 2, 3, 4));
            assertThat(read(store, 2, 2)).isEqualTo(bytes(3, 4));
        }
        assertThat(file(0)).isEmptyFile();
        assertThat(Files.readAllBytes(file(4))).containsExactly(3, 4);
    }

    /// Who else may run it is up to the user's mask.
    @Test
    void a_program_is_created_executable_and_nothing_else_is() throws Exception {
        var program = new StoredFile(List.of("t", "file-0"), 0, 3, false, true);
        var empty = new StoredFile(List.of("t", "file-1"), 3, 0, false, true);
        var plain = new StoredFile(List.of("t", "file-2"), 3, 3, false, false);
        var kept = new StoredFile(List.of("t", "file-3"), 6, 3, false, true);
        Files.createDirectories(file(3).getParent());
        Files.createFile(file(3));
        try (var store = open(List.of(program, empty, plain, kept))) {
            store.write(0, bytes(1, 2, 3, 4, 5, 6, 7, 8, 9));
        }
        assertThat(Files.getPosixFilePermissions(file(0))).contains(OWNER_EXECUTE);
        assertThat(Files.getPosixFilePermissions(file(1))).contains(OWNER_EXECUTE);
        assertThat(Files.getPosixFilePermissions(file(2))).doesNotContain(OWNER_EXECUTE);
        assertThat(Files.getPosixFilePermissions(file(3)))
                .as("it was there before, and is the user's")
                .doesNotContain(OWNER_EXECUTE);
    }

    @Test
    void the_program_of_a_torrent_is_one_when_it_arrives() throws Exception {
        var builder =
                TorrentBuilder.ofFile("tool", 3, 16_384, Set.of(FileAttribute.EXECUTABLE))
                        .pieceHash(new byte[20]);
        try (var store =
                FileStore.open(temp, MetainfoReader.read(ByteBuffer.wrap(builder.build())), true)) {
            store.write(0, bytes(1, 2, 3));
        }
        assertThat(Files.getPosixFilePermissions(temp.resolve("tool"))).contains(OWNER_EXECUTE);
    }

    @Test
    void padding_is_zeros_and_never_on_disk() throws Exception {
        try (var store = open(files(2, -3, 2))) {
            store.write(0, bytes(1, 2, 9, 9, 9, 3, 4));
            assertThat(read(store, 0, 7)).isEqualTo(bytes(1, 2, 0, 0, 0, 3, 4));
            assertThat(file(1)).doesNotExist();
            assertThat(store.isThere(2, 3)).isTrue();
        }
    }

    @Test
    void what_is_there_is_kept_and_added_to() throws Exception {
        Files.createDirectories(file(0).getParent());
        Files.write(file(0), new byte[] {1, 2});
        try (var store = open(files(4))) {
            assertThat(read(store, 0, 2)).isEqualTo(bytes(1, 2));
            store.write(2, bytes(3, 4));
        }
        assertThat(Files.readAllBytes(file(0))).containsExactly(1, 2, 3, 4);
    }

    @Test
    void data_is_there_when_every_byte_of_it_is() throws Exception {
        Files.createDirectories(file(1).getParent());
        Files.write(file(1), new byte[2]);
        try (var store = open(files(3, 4, 3))) {
            assertThat(store.isThere(0, 3)).isFalse();
            assertThat(store.isThere(2, 2)).isFalse();
            assertThat(store.isThere(3, 2)).isTrue();
            assertThat(store.isThere(4, 1)).isTrue();
            assertThat(store.isThere(3, 3)).as("the third byte would read as zero").isFalse();
            assertThat(store.isThere(5, 5)).isFalse();
            assertThat(store.isThere(0, 10)).isFalse();
        }
    }

    /// It would be taken for data, and sent to peers.
    @Test
    void what_is_not_there_is_never_read_as_zeros() throws Exception {
        try (var store = open(files(4, 4))) {
            assertThatThrownBy(() -> read(store, 0, 1))
                    .isInstanceOf(IOException.class)
                    .hasMessage("t/file-0: is not there");
            store.write(0, bytes(1, 2, 3, 4, 5, 6));
            assertThatThrownBy(() -> read(store, 3, 4))
                    .isInstanceOf(IOException.class)
                    .hasMessage("t/file-1: ends at byte 2, needed at least 3");
            Files.write(file(0), new byte[] {1, 2}); // cut while it is open
            assertThatThrownBy(() -> read(store, 1, 2))
                    .isInstanceOf(IOException.class)
                    .hasMessage("t/file-0: ends at byte 2, needed at least 3");
            assertThat(read(store, 0, 2)).isEqualTo(bytes(1, 2));
        }
    }

    @Test
    void more_files_than_may_be_open_are_served() throws Exception {
        int count = 3 * FileStore.MAX_OPEN_FILES;
        int[] lengths = new int[count];
        Arrays.fill(lengths, 5);
        byte[] content = new byte[5 * count];
        new Random(1).nextBytes(content);
        try (var store = open(files(lengths))) {
            for (int round = 0; round < 2; round++) {
                store.write(0, ByteBuffer.wrap(content));
                assertThat(read(store, 0, content.length)).isEqualTo(ByteBuffer.wrap(content));
                assertThat(openFiles()).isLessThanOrEqualTo(FileStore.MAX_OPEN_FILES);
            }
        }
        assertThat(openFiles()).as("after closing").isZero();
    }

    /// Counts our own open files where the system can tell; elsewhere there is nothing to see.
    private long openFiles() throws IOException {
        Path open = Path.of("/proc/self/fd");
        if (!Files.isDirectory(open)) {
            return 0;
        }
        try (Stream<Path> all = Files.list(open)) {
            return all.filter(
                            link -> {
                                try {
                                    return Files.readSymbolicLink(link).startsWith(temp);
                                } catch (IOException closedMeanwhile) {
                                    return false;
                                }
                            })
                    .count();
        }
    }

    static Stream<Arguments> pathsThatLeave() {
        return Stream.of(
                Arguments.of(List.of("..", "x")),
                Arguments.of(List.of("..")),
                Arguments.of(List.of("a", "..", "..", "x")),
                Arguments.of(List.of("a", "..", "x")),
                Arguments.of(List.of("a", ".", "x")),
                Arguments.of(List.of("a/../../x")),
                Arguments.of(List.of("a/b")),
                Arguments.of(List.of("/etc/passwd")),
                Arguments.of(List.of("a", "/etc/passwd")),
                Arguments.of(List.of("")),
                Arguments.of(List.of("a", "")),
                Arguments.of(List.of("nul\0byte")),
                Arguments.of(List.of()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pathsThatLeave")
    void a_path_that_is_not_plainly_below_the_folder_is_refused(List<String> path) {
        Path inner = temp.resolve("inner");
        var file = new StoredFile(path, 0, 3, false);
        assertThatThrownBy(() -> FileStore.open(inner, List.of(file), true).close())
                .isInstanceOf(IOException.class);
        assertThat(temp).isEmptyDirectory();
    }

    @Test
    void a_file_that_is_a_symbolic_link_is_refused() throws Exception {
        Path victim = Files.writeString(temp.resolve("victim"), "precious");
        Files.createDirectories(file(0).getParent());
        Files.createSymbolicLink(file(0), victim);
        assertThatThrownBy(() -> open(files(3)).close())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("symbolic link");
    }

    @Test
    void a_folder_that_is_a_symbolic_link_is_refused() throws Exception {
        Path elsewhere = Files.createDirectory(temp.resolve("elsewhere"));
        Files.createSymbolicLink(temp.resolve("t"), elsewhere);
        assertThatThrownBy(() -> open(files(3)).close())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("symbolic link");
        assertThat(elsewhere).isEmptyDirectory();
    }

    @Test
    void a_link_that_appears_after_the_store_was_opened_is_refused_too() throws Exception {
        Path victim = Files.writeString(temp.resolve("victim"), "precious");
        try (var store = open(files(3))) {
            Files.createDirectories(file(0).getParent());
            Files.createSymbolicLink(file(0), victim);
            assertThatThrownBy(() -> store.write(0, bytes(1))).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> read(store, 0, 1)).isInstanceOf(IOException.class);
        }
        assertThat(victim).hasContent("precious");
    }

    @Test
    void a_store_for_reading_only_refuses_to_write_and_creates_nothing() throws Exception {
        try (var store = FileStore.open(temp, files(0, 3), false)) {
            assertThatThrownBy(() -> store.write(0, bytes(1)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("reading only");
        }
        assertThat(temp).isEmptyDirectory();
    }

    @Test
    void trouble_names_the_file_and_says_what_is_wrong() throws Exception {
        Files.createDirectories(file(0)); // a folder stands where the file should be
        Files.writeString(temp.resolve("u"), "a file stands where the folder should be");
        var inU = new StoredFile(List.of("u", "v"), 3, 3, false);
        try (var store = open(List.of(files(3).getFirst(), inU))) {
            assertThatThrownBy(() -> store.write(0, bytes(1)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("t/file-0: Is a directory");
            assertThatThrownBy(() -> store.write(3, bytes(1)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("u/v: ")
                    .hasMessageContaining("FileAlreadyExists");
        }
    }

    @Test
    void a_closed_store_says_so() throws Exception {
        var store = open(files(3));
        store.write(0, bytes(1));
        store.close();
        store.close();
        assertThatThrownBy(() -> store.write(0, bytes(1)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void what_was_cut_is_not_filled_with_zeros() throws Exception {
        try (var store = open(files(8))) {
            store.write(0, bytes(1, 2, 3, 4));
            Files.write(file(0), new byte[0]); // in place, as a shell's > does

            assertThatThrownBy(() -> store.write(4, bytes(5, 6, 7, 8)))
                    .hasMessage("t/file-0: was cut while it was in use");
            assertThat(file(0)).isEmptyFile();
        }
    }

    @Test
    void what_an_earlier_run_left_may_not_become_shorter_either() throws Exception {
        Files.createDirectories(file(0).getParent());
        Files.write(file(0), new byte[6]);
        try (var store = open(files(8))) {
            store.stamps();
            Files.write(file(0), new byte[5]);

            assertThatThrownBy(() -> store.inspect(1))
                    .hasMessage("t/file-0 was cut while it was in use");
        }
    }

    @Test
    void files_are_inspected_in_turns() throws Exception {
        try (var store = open(files(2, -2, 2, 2))) {
            store.write(0, bytes(1, 2));
            store.write(4, bytes(3, 4, 5, 6));
            store.inspect(100);
            Files.delete(file(3));

            store.inspect(3);
            assertThatThrownBy(() -> store.inspect(1))
                    .hasMessage("t/file-3 was deleted while it was in use");
        }
    }

    @Test
    void a_file_that_was_never_there_is_not_missed() throws Exception {
        try (var store = open(files(2, 2))) {
            store.stamps();
            store.write(2, bytes(3, 4));
            store.inspect(100);
            assertThat(store.stamps().getFirst().isThere()).isFalse();
        }
    }
}
