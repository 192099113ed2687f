package dev.thistle.lab.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.isp.detect.ArticlePattern;
import dev.thistle.isp.policy.Action;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScenarioFileTest {

    /// Every line of it is the place of some mistake below.
    private static final String GOOD =
            """
            scenario = "mine"
            title = "One round"
            seed = 1
            era = "kernel"
            [network]
            down = "8mbit"
            up = "2mbit"
            delay = "5ms"
            jitter = "1ms"
            loss = 0.01
            mtu = 1400
            [swarm]
            content = "1MiB"
            piece = "64KiB"
            seeders = 1
            leechers = 1
            outside-leechers = 3
            window = "10s"
            [quick]
            content = "512KiB"
            window = "5s"
            [background]
            browsers = 2
            [client.c]
            encryption = "require"
            cipher = "rc4"
            pad-a = "zeros32"
            tracker = "obfuscated"
            drop-resets = "both-ends"
            [isp.i]
            detectors = ["D-H1", "D-E1:paper"]
            knows-info-hash = true
            [[isp.i.policy]]
            on = "D-H1"
            do = "throttle"
            rate = "1mbit"
            burst = "3000B"
            queue = "16KiB"
            scope = "customer"
            [[isp.i.policy]]
            on = "D-E1"
            do = "reset"
            copies = 3
            lag = "5ms"
            [isp.i.pattern]
            window = "30s"
            remotes = 4
            upload = "2MB"
            upload-share = 0.5
            life = "60s"
            only-unusual-ports = false
            [[round]]
            id = "one"
            claim = "A claim."
            client = "c"
            isp = "i"
            [round.expect]
            goodput-ratio-min = 0.1
            goodput-ratio-max = 0.5
            false-positives-max = 0
            connections-killed-min = 1
            """;

    @TempDir Path dir;

    @Test
    void every_key_reaches_its_field() throws Exception {
        Scenario read = ScenarioFile.read(Files.writeString(dir.resolve("a.toml"), GOOD));

        assertThat(read.name()).isEqualTo("mine");
        assertThat(read.title()).isEqualTo("One round");
        assertThat(read.seed()).isEqualTo(1);
        assertThat(read.network())
                .isEqualTo(
                        new AccessNetwork(
                                8_000_000,
                                2_000_000,
                                Duration.ofMillis(5),
                                Duration.ofMillis(1),
                                0.01,
                                1400));
        assertThat(read.swarm())
                .isEqualTo(new SwarmPlan(1 << 20, 64 << 10, 1, 1, 3, Duration.ofSeconds(10)));
        assertThat(read.quick().swarm())
                .isEqualTo(new SwarmPlan(512 << 10, 64 << 10, 1, 1, 3, Duration.ofSeconds(5)));
        assertThat(read.background()).isEqualTo(new Background(2, 0, 0, 0, 0));
        assertThat(read.rounds().getFirst().client())
                .hasToString(
                        "ClientPlan[encryption=REQUIRE, cipher=RC4, padA=ZEROS32,"
                                + " tracker=OBFUSCATED, dropResets=BOTH_ENDS]");
    }

    @Test
    void quick_may_have_pieces_of_its_own() throws Exception {
        String smaller = GOOD.replace("window = \"5s\"", "piece = \"16KiB\"");

        Scenario read = ScenarioFile.parse("a.toml", smaller);

        assertThat(read.swarm().pieceBytes()).isEqualTo(64 << 10);
        assertThat(read.quick().swarm())
                .isEqualTo(new SwarmPlan(512 << 10, 16 << 10, 1, 1, 3, Duration.ofSeconds(10)));
    }

    @Test
    void the_isp_is_read_with_its_pattern_and_its_policy() throws Exception {
        IspPlan isp = ScenarioFile.parse("a.toml", GOOD).rounds().getFirst().isp();

        assertThat(isp.knowsInfoHash()).isTrue();
        assertThat(isp.pattern())
                .isEqualTo(
                        new ArticlePattern.Rule(
                                Duration.ofSeconds(30),
                                4,
                                OptionalLong.of(2_000_000),
                                0.5,
                                Duration.ofSeconds(60),
                                false));
        assertThat(isp.policy().action("D-H1"))
                .contains(new Action.Throttle(1_000_000, 3000, 16 << 10, Action.Scope.CUSTOMER));
        assertThat(isp.policy().action("D-E1:paper"))
                .contains(new Action.Reset(3, Duration.ofMillis(5)));
    }

    @Test
    void what_an_expectation_leaves_out_is_not_judged() throws Exception {
        Expectation expected = ScenarioFile.parse("a.toml", GOOD).rounds().getFirst().expected();

        assertThat(expected.goodputRatioMin()).isEqualTo(OptionalDouble.of(0.1));
        assertThat(expected.falsePositivesMax()).isEqualTo(OptionalInt.of(0));
        assertThat(expected.identifiedShareMin()).isEmpty();
        assertThat(expected.throttledFlowsMax()).isEmpty();
    }

    /// Each line of the good file is replaced by one with a mistake, or removed; the message names
    /// the line of the mistake.
    @ParameterizedTest(name = "{1}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    scenario = "mine"     | scenario = "Mine!"   | 1: scenario: 'Mine!', allowed 1 to 40 of
                    title = "One round"   | titel = "One round"  | 2: titel: unknown key, allowed scenario title
                    title = "One round"   | title = "a\\nb"      | 2: title: 'a?b', allowed one line
                    seed = 1              | seed = -1            | 3: seed: -1, allowed a whole number 0..
                    seed = 1              | seed = 1.5           | 3: seed: 1.5, allowed a whole number
                    seed = 1              | seed = 99999999999999999999 | 3: seed: 99999999999999999999, allowed
                    era = "kernel"        | era = "2008"         | 4: era: '2008', allowed kernel
                    down = "8mbit"        | down = "8mb"         | 6: network.down: '8mb', allowed a rate such as "20mbit", 8kbit..10gbit
                    up = "2mbit"          | up = "1bit"          | 7: network.up: '1bit', allowed a rate
                    up = "2mbit"          | up = 2000000         | 7: network.up: 2000000, allowed a rate
                    up = "2mbit"          | up = ["2mbit"]       | 7: network.up: an array, allowed a rate
                    up = "2mbit"          | #                    | 5: network.up: missing, allowed a rate
                    delay = "5ms"         | delay = "5"          | 8: network.delay: '5', allowed a duration such as "40ms" or "60s", 0ms..2s
                    delay = "5ms"         | delay = "3s"         | 8: network.delay: '3s', allowed
                    delay = "5ms"         | delay = "999999999999h" | 8: network.delay: '999999999999h', allowed
                    loss = 0.01           | loss = 0.6           | 10: network.loss: 0.6, allowed a number 0..0.5
                    loss = 0.01           | loss = nan           | 10: network.loss: NaN, allowed a number
                    loss = 0.01           | loss = "none"        | 10: network.loss: 'none', allowed a number
                    mtu = 1400            | mtu = 100            | 11: network.mtu: 100, allowed a whole number 576..9000
                    content = "1MiB"      | content = "2GiB"     | 13: swarm.content: '2GiB', allowed a size such as "512KiB", 16KiB..1GiB
                    piece = "64KiB"       | piece = "65KiB"      | 14: swarm.piece: 65KiB, allowed a power of two
                    seeders = 1           | seeders = 0          | 15: swarm.seeders: 0, allowed a whole number 1..200
                    outside-leechers = 3  | outside-leechers = 199 | 12: swarm: 203 hosts with the background, allowed at most 200
                    window = "10s"        | window = "0s"        | 18: swarm.window: '0s', allowed a duration
                    content = "512KiB"    | content = "2MiB"     | 20: quick.content: 2MiB, allowed at most the 1MiB of swarm.content
                    window = "5s"         | window = "11s"       | 21: quick.window: 11s, allowed at most the 10s of swarm.window
                    window = "5s"         | piece = "65KiB"      | 21: quick.piece: 65KiB, allowed a power of two
                    browsers = 2          | browsers = 2.5       | 23: background.browsers: 2.5, allowed a whole number
                    [background]          | background = 1       | 22: quick.background: unknown key, allowed content piece window
                    encryption = "require"| encryption = "must"  | 25: client.c.encryption: 'must', allowed off|allow|prefer|require
                    encryption = "require"| encryption = "off"   | 26: client.c.cipher: 'rc4', allowed plaintext|any where encryption is off
                    cipher = "rc4"        | cipher = "rc5"       | 26: client.c.cipher: 'rc5', allowed plaintext|rc4|any
                    pad-a = "zeros32"     | pad-a = "zeros31"    | 27: client.c.pad-a: 'zeros31', allowed random|printable21|zeros32
                    tracker = "obfuscated"| tracker = true       | 28: client.c.tracker: true, allowed clear|obfuscated
                    drop-resets = "both-ends" | drop-resets = "both" | 29: client.c.drop-resets: 'both', allowed nobody|customers|both-ends
                    detectors = ["D-H1", "D-E1:paper"] | detectors = ["D-H1", "D-X9"] | 31: isp.i.detectors[1]: 'D-X9', allowed D-S1 D-S3
                    detectors = ["D-H1", "D-E1:paper"] | detectors = ["D-H1", "D-H1"] | 31: isp.i.detectors[1]: 'D-H1' twice, allowed each once
                    detectors = ["D-H1", "D-E1:paper"] | detectors = "D-H1" | 31: isp.i.detectors: 'D-H1', allowed an array of strings
                    detectors = ["D-H1", "D-E1:paper"] | detectors = ["D-E1:paper"] | 45: isp.i.pattern: parameters of D-H1, allowed only where that is a detector
                    knows-info-hash = true| knows-info-hash = 1  | 32: isp.i.knows-info-hash: 1, allowed true|false
                    on = "D-H1"           | on = "D-S1"          | 34: isp.i.policy[0].on: 'D-S1', allowed D-H1 D-E1:paper D-E1
                    do = "throttle"       | do = "slow"          | 35: isp.i.policy[0].do: 'slow', allowed watch|throttle|reset|drop
                    do = "throttle"       | do = "drop"          | 37: isp.i.policy[0].burst: unknown key, allowed on do
                    do = "throttle"       | #                    | 33: isp.i.policy[0].do: missing, allowed watch|
                    rate = "1mbit"        | rate = "0mbit"       | 36: isp.i.policy[0].rate: '0mbit', allowed a rate
                    burst = "3000B"       | burst = "3B"         | 37: isp.i.policy[0].burst: '3B', allowed a size
                    scope = "customer"    | scope = "street"     | 39: isp.i.policy[0].scope: 'street', allowed flow|customer
                    copies = 3            | copies = 6           | 43: isp.i.policy[1].copies: 6, allowed a whole number 1..5
                    lag = "5ms"           | lag = "51ms"         | 44: isp.i.policy[1].lag: '51ms', allowed a duration such as "40ms" or "60s", 0ms..50ms
                    remotes = 4           | remotes = 0          | 47: isp.i.pattern.remotes: 0, allowed a whole number 1..10000
                    upload-share = 0.5    | upload-share = 1.5   | 49: isp.i.pattern.upload-share: 1.5, allowed a number 0..1
                    id = "one"            | id = 1               | 53: round[0].id: 1, allowed 1 to 40 of
                    claim = "A claim."    | #                    | 52: round[0].claim: missing, allowed one line
                    client = "c"          | client = "d"         | 55: round[0].client: 'd', allowed c
                    isp = "i"             | isp = "j"            | 56: round[0].isp: 'j', allowed i
                    goodput-ratio-min = 0.1 | goodput-ratio-min = 0.6 | 58: round[0].expect.goodput-ratio-min: 0.6, allowed at most the 0.5 of goodput-ratio-max
                    goodput-ratio-min = 0.1 | goodput-min = 0.1  | 58: round[0].expect.goodput-min: unknown key, allowed goodput-ratio-min
                    false-positives-max = 0 | false-positives-max = -1 | 60: round[0].expect.false-positives-max: -1, allowed a whole number 0..
                    do = "reset"          | do = "watch"         | 43: isp.i.policy[1].copies: unknown key, allowed on do
                    [[round]]             | [[rounds]]           | 52: rounds: unknown key, allowed scenario
                    [[round]]             | [round]              | 52: round: a table, allowed an array of tables
                    [network]             | [network             | 5: not TOML:
                    seed = 1              | seed = 1 2           | 3: not TOML:
                    seed = 1              | title = "again"      | 3: not TOML: Duplicate key
                    knows-info-hash = true| detectors = []       | 32: not TOML: Duplicate key
                    [background]          | [swarm]              | 22: not TOML:
                    down = "8mbit"        | down = "8mbit        | 6: not TOML:
                    up = "2mbit"          | up =                 | 7: not TOML:
                    """)
    void a_mistake_is_told_with_file_line_key_what_was_found_and_what_is_allowed(
            String right, String wrong, String said) {
        assertThat(GOOD).containsOnlyOnce(right + "\n");
        String bad = GOOD.replace(right + "\n", wrong + "\n");

        assertThatThrownBy(() -> ScenarioFile.parse("a.toml", bad))
                .isInstanceOf(ScenarioException.class)
                .hasMessageStartingWith("a.toml:" + said)
                .hasMessageNotContainingAny("\n", "\r");
    }

    @Test
    void an_expectation_that_its_isp_cannot_meet_is_a_mistake() {
        String watched = GOOD.replace("do = \"reset\"\ncopies = 3\nlag = \"5ms\"", "do = \"drop\"");

        assertThatThrownBy(() -> ScenarioFile.parse("a.toml", watched))
                .hasMessage(
                        "a.toml:59: round[0].expect.connections-killed-min: more than 0,"
                                + " allowed 0 against an ISP that never resets");
    }

    @Test
    void a_round_id_may_not_come_twice() {
        String again =
                GOOD
                        + """
                        [[round]]
                        claim = "Again."
                        client = "c"
                        isp = "i"
                        id = "one"
                        """;

        assertThatThrownBy(() -> ScenarioFile.parse("a.toml", again))
                .hasMessage("a.toml:66: round[1].id: 'one' twice, allowed each id once");
    }

    @Test
    void a_scenario_without_rounds_is_none() {
        String none = GOOD.substring(0, GOOD.indexOf("[[round]]"));

        assertThatThrownBy(() -> ScenarioFile.parse("a.toml", none))
                .hasMessage("a.toml:1: round: missing, allowed 1 to 100 tables");
    }

    @Test
    void there_are_at_most_a_hundred_rounds() {
        var many = new StringBuilder(GOOD);
        for (int i = 0; i < 100; i++) {
            many.append("[[round]]\nid = \"r").append(i).append("\"\n");
            many.append("claim = \"x\"\nclient = \"c\"\nisp = \"i\"\n");
        }

        assertThatThrownBy(() -> ScenarioFile.parse("a.toml", many.toString()))
                .hasMessage("a.toml:52: round: 101 tables, allowed at most 100");
    }

    @Test
    void a_file_over_the_limit_is_not_read() throws Exception {
        Path large = Files.writeString(dir.resolve("a.toml"), GOOD + "#".repeat(1 << 20));

        assertThatThrownBy(() -> ScenarioFile.read(large))
                .hasMessage(large + ": larger than the 1048576 bytes allowed for a scenario");
    }

    @Test
    void what_is_no_file_of_text_is_refused() throws Exception {
        Path bytes = Files.write(dir.resolve("a.toml"), new byte[] {'a', (byte) 0xFF, 0});

        assertThatThrownBy(() -> ScenarioFile.read(bytes))
                .hasMessage(bytes + ": not a text file, allowed TOML in UTF-8");
        assertThatThrownBy(() -> ScenarioFile.read(dir))
                .hasMessage(dir + " is a folder, allowed a scenario file");
        assertThatThrownBy(() -> ScenarioFile.read(dir.resolve("none.toml")))
                .isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void nesting_without_end_is_a_mistake_like_any_other() {
        String deep = "a = " + "[".repeat(100_000);

        assertThatThrownBy(() -> ScenarioFile.parse("a.toml", deep))
                .isInstanceOf(ScenarioException.class)
                .hasMessageStartingWith("a.toml:1: not TOML: ");
    }
}
