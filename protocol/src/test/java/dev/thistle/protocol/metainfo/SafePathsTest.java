package dev.thistle.protocol.metainfo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SafePathsTest {

    /// What hostile lists are made of; few, so that they meet.
    private static final List<String> HOSTILE =
            List.of(
                    "a",
                    "A",
                    "a.",
                    "a ",
                    "b",
                    "a.txt",
                    "A.TXT",
                    "a.1.txt",
                    "a.1",
                    "a.2",
                    "",
                    ".",
                    "..",
                    "...",
                    "../../etc/passwd",
                    "/",
                    "/etc",
                    "C:",
                    "C:\\Windows",
                    "c_",
                    "con",
                    "_con",
                    "NUL.txt",
                    "_nul.TXT",
                    "\u202E",
                    "\u200Ba",
                    "a\0",
                    "a_",
                    "ß",
                    "SS",
                    "ss",
                    "é",
                    "e\u0301",
                    "É",
                    "σ",
                    "ς",
                    "Σ",
                    "\uFFFD",
                    "\ud800",
                    "~",
                    "-rf",
                    "日本",
                    "x".repeat(5_000),
                    "x".repeat(5_000) + "y",
                    "X".repeat(239),
                    "ä".repeat(200) + ".tar");

    @Test
    void honest_paths_stay_as_they_are() {
        assertThat(paths("a.txt", "dir/b.txt", "dir/sub/c", "B.txt"))
                .containsExactly("a.txt", "dir/b.txt", "dir/sub/c", "B.txt");
    }

    @Test
    void nothing_climbs_out() {
        assertThat(
                        SafePaths.of(
                                List.of(
                                        List.of("..", "..", "etc", "passwd"),
                                        List.of("a", "..", ".."),
                                        List.of("../../etc/passwd"),
                                        List.of("/etc", "C:", "x"),
                                        List.of("", "y"),
                                        List.of())))
                .containsExactly(
                        List.of("etc", "passwd"),
                        List.of("a", "_"),
                        List.of("....etcpasswd"),
                        List.of("etc", "C_", "x"),
                        List.of("_", "y"),
                        List.of("_.1"));
    }

    @Test
    void files_of_one_name_get_a_number_before_the_extension() {
        assertThat(
                        paths(
                                "a.txt",
                                "A.TXT",
                                "a.txt",
                                ".rc",
                                ".rc",
                                "x.long extension",
                                "x.long extension"))
                .containsExactly(
                        "a.txt",
                        "A.1.TXT",
                        "a.2.txt",
                        ".rc",
                        ".rc.1",
                        "x.long extension",
                        "x.long extension.1");
    }

    @Test
    void a_name_of_the_torrent_is_not_pushed_aside_by_a_number() {
        assertThat(paths("a.txt", "a.txt", "a.1.txt"))
                .containsExactly("a.txt", "a.2.txt", "a.1.txt");
    }

    @Test
    void composed_and_decomposed_accents_and_all_cases_are_one_name() {
        assertThat(paths("é", "e\u0301", "É")).containsExactly("é", "e\u0301.1", "É.2");
        assertThat(paths("ς", "σ", "Σ")).containsExactly("ς", "σ.1", "Σ.2");
        assertThat(paths("ß", "ss")).containsExactly("ß", "ss.1");
    }

    @Test
    void a_file_makes_way_for_a_folder_wherever_it_stands() {
        assertThat(paths("a", "A/b")).containsExactly("a.1", "A/b");
        assertThat(paths("A/b", "a")).containsExactly("A/b", "a.1");
        assertThat(paths("a/b/c", "a/b", "a", "a.1/x"))
                .containsExactly("a/b/c", "a/b.1", "a.2", "a.1/x");
    }

    @Test
    void folders_merge_across_cases_and_their_files_are_told_apart() {
        assertThat(paths("dir/x", "DIR/y", "Dir/X")).containsExactly("dir/x", "DIR/y", "Dir/X.1");
    }

    @Test
    void a_deep_path_loses_folders_but_never_its_name() {
        List<String> deep = new ArrayList<>(Collections.nCopies(100_000, "d"));
        deep.add("name.txt");

        List<String> safe = SafePaths.of(List.of(deep)).getFirst();

        assertThat(safe.getLast()).isEqualTo("name.txt");
        assertThat(bytes(safe)).isBetween(SafePaths.MAX_PATH_BYTES - 12, SafePaths.MAX_PATH_BYTES);
    }

    @Test
    void many_files_of_one_name_are_numbered_in_one_pass() {
        List<List<String>> same = Collections.nCopies(200_000, List.of("same.bin"));

        assertThat(SafePaths.of(same).getLast()).containsExactly("same.199999.bin");
    }

    @Test
    void a_torrent_of_a_folder_is_below_its_name_and_padding_chooses_last() throws Exception {
        assertThat(
                        SafePaths.of(
                                torrent(
                                        "5:filesld4:attr1:p6:lengthi1e4:pathl1:aeed6:lengthi1e4:pathl1:aeee4:name2:..")))
                .containsExactly(List.of("a.1"), List.of("a"));
        assertThat(SafePaths.of(torrent("5:filesld6:lengthi1e4:pathl1:aeee4:name1:d")))
                .containsExactly(List.of("d", "a"));
        assertThat(SafePaths.of(torrent("6:lengthi1e4:name5:../a.")))
                .containsExactly(List.of("..a"));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void no_hostile_list_leaves_the_folder_or_meets_itself(long seed) {
        List<List<String>> hostile = hostile(new Random(seed));

        List<List<String>> safe = SafePaths.of(hostile);

        assertThat(safe).hasSameSizeAs(hostile);
        Path base = Path.of("/base/folder");
        Set<List<String>> files = new HashSet<>();
        Set<List<String>> folders = new HashSet<>();
        for (List<String> path : safe) {
            Path resolved = base;
            for (String element : path) {
                assertThat(element)
                        .isNotEmpty()
                        .isNotEqualTo(".")
                        .isNotEqualTo("..")
                        .matches("[^/\\\\:\\p{Cntrl}?<>\"|*]+")
                        .doesNotMatch(".*[. ]$");
                assertThat(SafeName.utf8Bytes(element)).isLessThanOrEqualTo(255);
                resolved = base.getFileSystem().getPath(resolved.toString(), ascii(element));
            }
            assertThat(resolved.normalize()).isEqualTo(resolved);
            assertThat(resolved.startsWith(base) && !resolved.equals(base)).isTrue();
            assertThat(bytes(path)).isLessThanOrEqualTo(SafePaths.MAX_PATH_BYTES);
            List<String> folded = path.stream().map(SafePathsTest::folded).toList();
            assertThat(files.add(folded)).as("%s is there once", path).isTrue();
            for (int end = 1; end < folded.size(); end++) {
                folders.add(folded.subList(0, end));
            }
        }
        assertThat(Collections.disjoint(files, folders)).as("no file is a folder").isTrue();
        assertThat(SafePaths.of(hostile)).as("the same again").isEqualTo(safe);
    }

    static LongStream seeds() {
        return LongStream.range(0, 500);
    }

    private static List<List<String>> hostile(Random random) {
        List<List<String>> list = new ArrayList<>();
        for (int file = 1 + random.nextInt(60); file > 0; file--) {
            List<String> path = new ArrayList<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                path.add(HOSTILE.get(random.nextInt(HOSTILE.size())));
            }
            if (random.nextInt(4) == 0) {
                path.add(noise(random));
            }
            if (random.nextInt(20) == 0) {
                path.addAll(0, Collections.nCopies(20, "x".repeat(5_000)));
            }
            list.add(path);
        }
        return list;
    }

    private static String noise(Random random) {
        byte[] bytes = new byte[random.nextInt(6)];
        random.nextBytes(bytes);
        return new String(
                bytes, random.nextBoolean() ? StandardCharsets.UTF_8 : StandardCharsets.UTF_16);
    }

    /// The disk of the build may know no other letters.
    private static String ascii(String element) {
        return element.replaceAll("[^\\x00-\\x7F]", "u");
    }

    private static String folded(String element) {
        String composed = Normalizer.normalize(element, Normalizer.Form.NFC);
        return composed.toLowerCase(Locale.ROOT);
    }

    private static int bytes(List<String> path) {
        return String.join("/", path).getBytes(StandardCharsets.UTF_8).length;
    }

    private static List<String> paths(String... paths) {
        return SafePaths.of(Stream.of(paths).map(path -> List.of(path.split("/", -1))).toList())
                .stream()
                .map(path -> String.join("/", path))
                .toList();
    }

    private static Metainfo torrent(String keys) throws Exception {
        String torrent =
                "d4:infod" + keys + "12:piece lengthi16384e6:pieces20:" + "A".repeat(20) + "ee";
        return MetainfoReader.read(ByteBuffer.wrap(torrent.getBytes(StandardCharsets.US_ASCII)));
    }
}
