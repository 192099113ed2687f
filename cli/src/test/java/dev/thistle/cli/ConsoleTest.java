package dev.thistle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class ConsoleTest {

    private static final String NASTY =
            "a\u001b[2J\u009b31m\u0007\u202e\u2028\r\n\tz \uD83D\uDE00 \uDB40\uDC41 ü";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private Console console() {
        return new Console(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                80);
    }

    @Test
    void no_line_holds_what_a_terminal_obeys() {
        console().say(NASTY);
        console().note(NASTY);
        console().error(NASTY);

        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .singleElement()
                .asString()
                .startsWith("a\uFFFD[2J\uFFFD31m\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFDz \uD83D\uDE00")
                .endsWith("ü");
        assertThat(err.toString(StandardCharsets.UTF_8).lines()).hasSize(2);
    }

    @Test
    void a_document_holds_everything_and_harms_nobody() {
        record Named(String name) {}

        Json.print(console(), new Named(NASTY));

        String json = out.toString(StandardCharsets.UTF_8);
        assertThat(json).doesNotContainPattern("[\\p{Cf}\\p{Cc}&&[^\\n]]").endsWith("}\n");
        assertThat(JsonMapper.shared().readTree(json).get("name").stringValue()).isEqualTo(NASTY);
    }

    @Test
    void sizes_and_counts_are_for_people() {
        assertThat(Console.bytes(0)).isEqualTo("0 B");
        assertThat(Console.bytes(1023)).isEqualTo("1023 B");
        assertThat(Console.bytes(1536)).isEqualTo("1.5 KiB");
        assertThat(Console.bytes(Long.MAX_VALUE)).isEqualTo("8388608.0 TiB");
        assertThat(Console.count(0, "peer")).isEqualTo("0 peers");
        assertThat(Console.count(1, "peer")).isEqualTo("1 peer");
        assertThat(Console.count(2, "peer")).isEqualTo("2 peers");
    }
}
