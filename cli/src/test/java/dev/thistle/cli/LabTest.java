package dev.thistle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class LabTest {

    private static final String MINE =
            """
            scenario = "mine"
            title = "One round"
            seed = 1
            era = "kernel"
            network = { down = "8mbit", up = "2500kbit", delay = "5ms" }
            swarm = { content = "1MiB", piece = "64KiB", seeders = 1, leechers = 1, outside-leechers = 3, window = "10s" }
            client.c = { encryption = "off" }
            isp.i = { detectors = [] }
            [[round]]
            id = "one"
            claim = "A claim."
            client = "c"
            isp = "i"
            """;

    @TempDir Path dir;

    @Test
    void the_scenarios_that_come_with_the_program_are_listed() throws Exception {
        assertThat(Program.run("lab", "list").expectDone().out())
                .startsWith("isp-vs-bittorrent  ISP vs. BitTorrent")
                .contains("(15 rounds)");

        JsonNode listed = Program.run("lab", "list", "--json").expectDone().json();
        assertThat(listed.get("scenarios")).hasSize(1);
        JsonNode race = listed.get("scenarios").get(0);
        assertThat(race.get("name").stringValue()).isEqualTo("isp-vs-bittorrent");
        assertThat(race.get("rounds")).hasSize(15);
        assertThat(race.get("rounds").get(14).stringValue()).isEqualTo("r3-fet-shaped");
    }

    @Test
    void a_scenario_is_shown_with_all_its_rounds() throws Exception {
        var shown = Program.run("lab", "show", "isp-vs-bittorrent").expectDone();

        assertThat(shown.err()).isEmpty();
        assertThat(shown.out())
                .contains(
                        "  swarm    1 seeder and 2 leechers at the ISP, 10 leechers outside",
                        "  content  20.0 MiB within 24 s; with --quick 4.0 MiB within 5.5 s",
                        "  line     20 Mbit/s down, 10 up, 10 ms delay, 2 ms jitter, loss 0",
                        "  beside   10 customers that have nothing to do with BitTorrent")
                .contains(
                        "  r1-drop-both",
                        "    claim    Dropping resets at both ends defeats the kills.",
                        "    client   MSE (RC4, required), resets dropped at both ends",
                        "    isp      pattern rule: reset at both ends (D-H1)",
                        "    expects  goodputRatioMin 0.8, customersIdentifiedMin 1,"
                                + " falsePositivesMax 0, resetsInjectedMin 16,"
                                + " connectionsKilledMax 0");
    }

    @Test
    void scripts_get_the_whole_scenario() throws Exception {
        JsonNode shown = Program.run("lab", "show", "isp-vs-bittorrent", "--json").json();

        assertThat(shown.propertyNames())
                .containsExactly(
                        "scenario",
                        "title",
                        "seed",
                        "era",
                        "network",
                        "swarm",
                        "background",
                        "rounds");
        assertThat(shown.get("rounds")).hasSize(15);
        assertThat(shown.get("rounds").get(10).get("isp"))
                .isEqualTo(shown.get("rounds").get(9).get("isp"));
    }

    @Test
    void a_file_is_shown_and_nothing_in_it_reaches_the_terminal() throws Exception {
        Path file = Files.writeString(dir.resolve("mine.toml"), MINE);

        assertThat(Program.run("lab", "show", file).expectDone().out())
                .startsWith("mine: One round\n")
                .contains("2.5 up", "isp      idle\n", "expects  nothing");
        Program.run("lab", "show", Files.writeString(file, MINE.replace("One", "\\u001b[2J")))
                .expectFailure("mine.toml:2: title: ", "allowed one line of 1 to 200 characters");
    }

    @Test
    void a_mistake_in_a_file_is_one_line_with_its_place() throws Exception {
        Path file = Files.writeString(dir.resolve("mine.toml"), MINE.replace("8mbit", "8 miles"));

        Program.run("lab", "show", file)
                .expectFailure("mine.toml:5: network.down: '8 miles', allowed a rate such as");
    }

    @Test
    void what_is_neither_a_scenario_nor_a_file_is_refused() throws Exception {
        Program.run("lab", "show", "isp-vs-bitorrent")
                .expectFailure(
                        "'isp-vs-bitorrent': no such scenario or file,"
                                + " allowed isp-vs-bittorrent or a TOML file");
        Program.run("lab", "show", dir).expectFailure("is a folder, allowed a scenario file");
        Program.run("lab", "show", "\u001b[2J").expectFailure("no such scenario or file");
    }

    /// Wrong in such a way that nothing is played, on a machine of any kind.
    @Test
    void a_round_or_a_seed_that_does_not_exist_is_wrong_usage() throws Exception {
        Path mine = Files.writeString(dir.resolve("mine.toml"), MINE);

        Program.run("lab", "run", mine, "--round", "one", "--round", "two")
                .expectWrongUsage("--round 'two', allowed one", "thistle lab run --help");
        Program.run("lab", "run", mine, "--round", "").expectWrongUsage("--round '', allowed one");
        Program.run("lab", "run", mine, "--seed", "-1")
                .expectWrongUsage("--seed -1, allowed 0 and more");
    }

    @Test
    void results_of_another_run_are_never_touched() throws Exception {
        Path mine = Files.writeString(dir.resolve("mine.toml"), MINE);
        Path before = Files.createDirectory(dir.resolve("before"));
        Files.writeString(before.resolve("summary.json"), "{}");

        Program.run("lab", "run", mine, "-o", before)
                .expectFailure("is not empty, allowed a new or an empty folder");
        Program.run("lab", "run", mine, "-o", mine)
                .expectFailure("is a file, allowed a new folder");
        assertThat(before).isDirectoryNotContaining("glob:**events*");
        assertThat(before.resolve("summary.json")).hasContent("{}");
    }

    @Test
    void what_is_no_scenario_is_not_run() throws Exception {
        Program.run("lab", "run", "isp-vs-bitorrent", "-o", dir.resolve("new"))
                .expectFailure("'isp-vs-bitorrent': no such scenario or file");
        assertThat(dir.resolve("new")).doesNotExist();
    }

    @Test
    void the_help_of_run_names_what_it_takes() throws Exception {
        assertThat(Program.run("lab", "run", "--help").expectDone().out())
                .contains("SCENARIO", "-o", "--quick", "--seed=N", "--round=ID", "--json")
                .contains("lab-results/SCENARIO-DATE", "Exit code 0 only if every round");
    }
}
