package dev.thistle.tracker.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.MalformedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TorrentListTest {

    @TempDir private Path folder;

    @Test
    void hashes_of_both_cases_comments_and_empty_lines_are_read() throws Exception {
        Path file = folder.resolve("list");
        Files.writeString(
                file, "# mine\n\n  " + "ab".repeat(20) + " # one\r\n" + "AB".repeat(20) + "\n");

        assertThat(TorrentList.read(file)).containsExactly(InfoHash.ofHex("ab".repeat(20)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "0123456789012345678901234567890123456789a", "é"})
    void a_line_that_is_no_hash_is_named_with_its_file(String line) throws Exception {
        Path file = folder.resolve("allow.txt");
        Files.writeString(file, "# fine\n" + line + "\n");

        assertThatThrownBy(() -> TorrentList.read(file))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("allow.txt, line 2: ")
                .hasMessageContaining("allowed an info-hash of 40 hex digits");
    }

    @Test
    void a_missing_file_is_named() {
        assertThatThrownBy(() -> TorrentList.read(folder.resolve("nowhere")))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("nowhere");
    }

    @Test
    void allow_deny_and_known_mean_what_they_say() throws Exception {
        var a = InfoHash.ofHex("aa".repeat(20));
        var b = InfoHash.ofHex("bb".repeat(20));
        Path file = folder.resolve("list");
        Files.writeString(file, a.toString());

        var allow = TorrentPolicy.read(file, null, null);
        assertThat(allow.serves(a)).isTrue();
        assertThat(allow.serves(b)).isFalse();
        assertThat(allow.known()).containsExactly(a);
        var deny = TorrentPolicy.read(null, file, null);
        assertThat(deny.serves(a)).isFalse();
        assertThat(deny.serves(b)).isTrue();
        assertThat(deny.known()).isEmpty();
        var known = TorrentPolicy.read(null, null, file);
        assertThat(known.serves(b)).isTrue();
        assertThat(known.known()).containsExactly(a);
    }
}
