package dev.thistle.lab.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class KeyLinesTest {

    private static final String TOML =
            """
            # a comment with [brackets] and = signs
            plain = 1 # and another
            text = "a \\" # not a comment"
            long = \"\"\"
            first = 1
            [not.a.table]
            ends with two quotes\"\"\"\"\"
            after = 'C:\\'

            [table."quoted key"]
            inner . dotted = 2
            list = [ # of two
              "one",
              { x = 1, y = [
                 2] },
            ]
            [[many]]
            id = 1
            [many.sub]
            deep = true
            [[many.sub2]]
            z = 1
            [[many]]
            id = 2
            [many.sub]
            deep = false
            """;

    @ParameterizedTest
    @CsvSource({
        "plain, 2",
        "text, 3",
        "long, 4",
        "after, 8",
        "table.quoted key, 10",
        "table.quoted key.inner.dotted, 11",
        "table.quoted key.list, 12",
        "table.quoted key.list[0], 13",
        "table.quoted key.list[1], 14",
        "table.quoted key.list[1].x, 14",
        "table.quoted key.list[1].y[0], 15",
        "many, 17",
        "many[0].id, 18",
        "many[0].sub.deep, 20",
        "many[0].sub2[0].z, 22",
        "many[1], 23",
        "many[1].id, 24",
        "many[1].sub.deep, 26",
        "many[1].sub.absent, 25",
        "nowhere, 1",
    })
    void every_key_has_its_line(String path, int line) {
        assertThat(KeyLines.of(TOML).line(path)).isEqualTo(line);
    }

    @Test
    void line_ends_of_windows_count_once() {
        assertThat(KeyLines.of("a = 1\r\n\r\nb = 2\r\n").line("b")).isEqualTo(3);
    }

    /// Documents that are not TOML never reach it; should one, it ends.
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    @Timeout(10)
    void it_ends_whatever_it_is_given(long seed) {
        var random = new Random(seed);
        String letters = "[]{}=,.\"'\\#\n a1-";
        var text = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            text.append(letters.charAt(random.nextInt(letters.length())));
        }

        assertThat(KeyLines.of(text.toString()).line("a")).isPositive();
    }

    static LongStream seeds() {
        return LongStream.range(0, 300);
    }
}
