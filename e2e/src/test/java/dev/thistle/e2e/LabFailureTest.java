package dev.thistle.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.e2e.lab.LabProgram;
import dev.thistle.e2e.lab.LabProgram.Outcome;
import dev.thistle.e2e.lab.LabResults;
import dev.thistle.e2e.lab.ProgramFolder;
import dev.thistle.e2e.lan.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// The built-in scenario with one thing spoilt: the judge notices, and says what. And scenarios
/// that cannot be played are refused before anything starts.
@Timeout(300)
class LabFailureTest {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @TempDir private Path home = Path.of("");
    private Path results = Path.of("");

    @BeforeEach
    void need() {
        Needs.network();
        Needs.program("nft", "nftables");
        Needs.thistle();
        results = home.resolve("results");
    }

    /// The built-in one with a text of it replaced.
    private Path scenario(String from, String to) throws IOException {
        Path original =
                Needs.root()
                        .resolve("lab/src/main/resources/dev/thistle/lab/scenario")
                        .resolve("isp-vs-bittorrent.toml");
        String text = Files.readString(original);
        assertThat(text).containsOnlyOnce(from);
        return Files.writeString(home.resolve("spoilt.toml"), text.replace(from, to));
    }

    private Outcome play(Path scenario, String round) throws IOException, InterruptedException {
        try (var program =
                LabProgram.start(
                        home, "lab", "run", scenario, "--quick", "--round", round, "-o", results)) {
            return program.await(PATIENCE);
        }
    }

    private JsonNode expectBroken(Outcome outcome, String expectation) throws IOException {
        assertThat(outcome.exit()).as("%s", outcome).isEqualTo(1);
        assertThat(outcome.out()).contains("  " + expectation);
        assertThat(outcome.complaints())
                .singleElement()
                .asString()
                .contains("1 of 1 rounds did not meet what they state");
        JsonNode round = new LabResults(results).document("summary.json").get("rounds").get(0);
        assertThat(round.get("holds").booleanValue()).isFalse();
        return round;
    }

    @Test
    void a_client_that_does_not_encrypt_breaks_the_claim_of_encryption() throws Exception {
        Path scenario =
                scenario(
                        """
                        [client.encrypted]          # round 1 of the race: MSE
                        encryption = "require"
                        cipher = "rc4"
                        """,
                        """
                        [client.encrypted]
                        encryption = "off"
                        cipher = "plaintext"
                        """);

        JsonNode round =
                expectBroken(
                        play(scenario, "r1-mse"),
                        "share of peer flows identified: expected at most 0, found ");
        assertThat(round.get("identified").intValue()).isPositive();
        assertThat(round.get("resetsInjected").intValue()).isPositive();
    }

    @Test
    void an_isp_that_finds_nothing_breaks_the_claim_of_resets() throws Exception {
        Path scenario =
                scenario(
                        """
                        client = "plain"
                        isp = "signatures-reset"
                        """,
                        """
                        client = "encrypted"
                        isp = "signatures-reset"
                        """);

        JsonNode round =
                expectBroken(
                        play(scenario, "r0-reset"),
                        "resets injected: expected at least 16, found 0");
        assertThat(round.get("connectionsKilled").intValue()).isZero();
    }

    /// What can never hold is not played.
    @Test
    void a_claim_of_resets_against_an_isp_that_only_watches_is_refused() throws Exception {
        Path scenario =
                scenario(
                        """
                        client = "plain"
                        isp = "signatures-reset"
                        """,
                        """
                        client = "plain"
                        isp = "watch"
                        """);

        expectRefusal(
                play(scenario, "r0-reset"),
                "round[2].expect.resets-injected-min: more than 0, allowed 0 against an ISP that"
                        + " never resets");
    }

    @Test
    void a_pattern_rule_for_every_port_takes_a_web_server_for_a_peer() throws Exception {
        Path scenario =
                scenario(
                        "[isp.pattern-reset]\n",
                        """
                        [isp.pattern-throttle.pattern]
                        only-unusual-ports = false

                        [isp.pattern-reset]
                        """);

        JsonNode round =
                expectBroken(
                        play(scenario, "r1-pattern"),
                        "false positives: expected at most 0, found ");
        assertThat(round.get("falsePositives").intValue()).isPositive();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "seeders = 1  | seedlings = 1 | swarm.seedlings: ",
                "seeders = 1  | seeders = -1  | swarm.seeders: ",
                "loss = 0.0   | loss = 1.5    | network.loss: ",
                "mtu = 1500   | mtu = 68      | network.mtu: ",
            })
    void a_scenario_with_a_mistake_is_refused_before_anything_starts(
            String right, String wrong, String said) throws Exception {
        Path scenario = scenario(right, wrong);
        long line = Files.readString(scenario).split(wrong, -1)[0].lines().count() + 1;

        Outcome outcome = play(scenario, "r0-open");

        expectRefusal(outcome, "spoilt.toml:%d: %s".formatted(line, said));
    }

    @Test
    void a_missing_nft_is_told_before_anything_starts() throws Exception {
        try (var programs = ProgramFolder.without("nft");
                var program =
                        LabProgram.start(
                                home,
                                List.of(),
                                Needs.launcher(),
                                Map.of("PATH", programs.path()),
                                "lab",
                                "run",
                                "isp-vs-bittorrent",
                                "--quick",
                                "--round",
                                "r0-open",
                                "--round",
                                "r1-drop-both",
                                "-o",
                                results)) {
            expectRefusal(
                    program.await(PATIENCE),
                    "dropping resets needs the program nft: install the package nftables");
        }
    }

    private void expectRefusal(Outcome outcome, String line) {
        assertThat(outcome.exit()).as("%s", outcome).isEqualTo(1);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err().lines()).singleElement().asString().contains(line);
        assertThat(results).doesNotExist();
    }
}
