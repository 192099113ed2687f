package dev.thistle.protocol.metainfo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafeNameTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "a.txt!a.txt",
                "größe 日本 😀!größe 日本 😀",
                " a! a",
                "../../etc/passwd!....etcpasswd",
                "/etc/passwd!etcpasswd",
                "..\\..\\x!....x",
                "C:!C_",
                "C:\\x!C_x",
                "a:stream!a_stream",
                "what?<>\"|*:!what_______",
                "...!_",
                "a. . .!a",
                "a...b!a...b",
                ".hidden!.hidden",
                "con!_con",
                "NUL.txt!_NUL.txt",
                "nul .txt!_nul .txt",
                "aux. !_aux",
                "c\u200Bon!_con",
                "COM1!_COM1",
                "com¹.log!_com¹.log",
                "lpt9.tar.gz!_lpt9.tar.gz",
                "CLOCK$!_CLOCK$",
                "conin$!_conin$",
                "con1!con1",
                "com10!com10",
                "confetti!confetti",
                "a\u0001b\u007Fc\u0085d!a_b_c_d",
                "a\uFFFD!a_",
                "a\u202Etxt.exe!atxt.exe",
                "\uFEFF\u200F\u061Ca\u2066b\u2060c!abc",
                "a\u2028b!a_b",
            })
    void makes_a_name_for_every_platform(String element, String name) {
        assertThat(SafeName.of(element)).contains(name);
    }

    @Test
    void controls_and_halves_of_pairs_become_fillers() {
        assertThat(SafeName.of("a\0b\r\nc")).contains("a_b__c");
        assertThat(SafeName.of("a\ud800b\udc00")).contains("a_b_");
        assertThat(SafeName.of("\uFFFE\uFFFF")).contains("__");
    }

    @ParameterizedTest
    @ValueSource(strings = {".", "..", "./", "..\\", ".\u200B.", "/../", "\u202E."})
    void dots_that_only_mean_a_folder_are_dropped(String element) {
        assertThat(SafeName.of(element)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "\\//", "\u200B", "....", "   ", ". ."})
    void nothing_left_is_a_filler(String element) {
        assertThat(SafeName.of(element)).contains("_");
    }

    @Test
    void a_long_name_is_cut_between_code_points_and_keeps_a_short_extension() {
        assertThat(SafeName.of("a".repeat(240))).contains("a".repeat(240));
        assertThat(SafeName.of("a".repeat(5_000))).contains("a".repeat(240));
        assertThat(SafeName.of("a".repeat(5_000) + ".torrent"))
                .contains("a".repeat(232) + ".torrent");
        assertThat(SafeName.of("a".repeat(300) + ".123456789"))
                .contains("a".repeat(230) + ".123456789");
        assertThat(SafeName.of("a".repeat(300) + ".1234567890")).contains("a".repeat(240));
        assertThat(SafeName.of("ä".repeat(300))).contains("ä".repeat(120));
        assertThat(SafeName.of("a" + "ä".repeat(300))).contains("a" + "ä".repeat(119));
        assertThat(SafeName.of("日".repeat(300) + ".ä")).contains("日".repeat(79) + ".ä");
        assertThat(SafeName.of("😀".repeat(300))).contains("😀".repeat(60));
    }

    @Test
    void what_a_cut_uncovers_is_made_safe_too() {
        assertThat(SafeName.of("con" + " ".repeat(300) + "x")).contains("_con");
        assertThat(SafeName.of(".".repeat(300) + "x" + "y".repeat(20))).contains("_");
        assertThat(SafeName.of("nul." + "x".repeat(300)))
                .contains("_nul." + "x".repeat(235))
                .get()
                .satisfies(name -> assertThat(SafeName.utf8Bytes(name)).isEqualTo(240));
    }
}
