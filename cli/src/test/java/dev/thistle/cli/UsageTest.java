package dev.thistle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsageTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"demo", "create", "show", "check", "get", "seed", "tracker", "isp", "lab"})
    void every_command_explains_itself_with_an_example(String command) throws Exception {
        var help = Program.run(command, "--help").expectDone();

        assertThat(help.out()).containsPattern("Examples?:").contains("thistle " + command);
        assertThat(help.err()).isEmpty();
        assertThat(help.out().lines()).allMatch(line -> line.length() <= 100, "at most 100 wide");
    }

    @Test
    void the_program_explains_itself() throws Exception {
        assertThat(Program.run("--help").expectDone().out())
                .contains("demo", "create", "show", "check", "get", "seed", "tracker", "lab")
                .contains("Examples:", "Exit codes: 0 done, 1 failed, 2 wrong usage, 130");
        assertThat(Program.run("--version").expectDone().out()).startsWith("thistle 0.1.0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"list", "show", "run"})
    void every_command_of_the_lab_explains_itself_with_an_example(String command) throws Exception {
        var help = Program.run("lab", command, "--help").expectDone();

        assertThat(help.out()).containsPattern("Examples?:").contains("thistle lab " + command);
        assertThat(help.err()).isEmpty();
        assertThat(help.out().lines()).allMatch(line -> line.length() <= 100, "at most 100 wide");
    }

    @Test
    void the_lab_without_a_command_is_wrong_usage() throws Exception {
        Program.run("lab").expectWrongUsage("subcommand", "try: thistle lab --help");
        Program.run("lab", "shwo").expectWrongUsage("try: thistle lab --help");
        Program.run("lab", "show").expectWrongUsage("try: thistle lab show --help");
        Program.run("lab", "list", "--nonsense").expectWrongUsage("thistle lab list --help");
        Program.run("lab", "run").expectWrongUsage("try: thistle lab run --help");
        Program.run("lab", "run", "x", "--seed", "1.5").expectWrongUsage("'1.5'", "--seed");
    }

    @Test
    void without_a_command_the_usage_is_shown() throws Exception {
        var shown = Program.run();

        assertThat(shown.exit()).isEqualTo(2);
        assertThat(shown.out()).isEmpty();
        assertThat(shown.err()).contains("Usage: thistle", "tracker");
    }

    @ParameterizedTest
    @CsvSource({
        "tracker, --udp",
        "tracker, --config",
        "create,  --v3",
        "show,    --nonsense",
        "demo,    --nonsense",
    })
    void what_does_not_exist_is_wrong_usage(String command, String option) throws Exception {
        Program.run(command, option, "1", "2").expectWrongUsage("thistle " + command + " --help");
        assertThat(Program.run(command, "a", "b", "-o", "c", option).err()).contains(option);
    }

    @ParameterizedTest
    @ValueSource(strings = {"daemon", "gte", "-x", "--nonsense", "\u001b[2J"})
    void an_unknown_command_is_wrong_usage(String command) throws Exception {
        Program.run(command).expectWrongUsage("try: thistle --help");
    }

    @ParameterizedTest
    @ValueSource(strings = {"show", "check", "get", "seed", "create"})
    void what_is_missing_is_wrong_usage(String command) throws Exception {
        Program.run(command).expectWrongUsage("Missing required");
    }
}
