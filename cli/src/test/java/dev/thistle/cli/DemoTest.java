package dev.thistle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DemoTest {

    @Test
    void it_shows_a_hidden_download_and_ends_well() throws Exception {
        var demo = Program.run("demo").expectDone();

        assertThat(demo.out())
                .containsPattern("(?m)^1\\. torrent created: 32\\.0 MiB in 2 files")
                .containsPattern("32\\.0 MiB by MSE, RC4 payload")
                .contains("5. files compared byte for byte: identical")
                .contains("GET /announce?sha_ih=")
                .containsPattern("the info-hash in an announce +no")
                .containsPattern("a peer's address in an answer +no")
                .contains("7. so all of it was hidden")
                .doesNotContain("YES", "DIFFERENT");
        assertThat(demo.err()).isEmpty();
    }
}
