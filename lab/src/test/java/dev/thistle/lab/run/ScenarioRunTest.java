package dev.thistle.lab.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.isp.box.Tap;
import dev.thistle.lab.outcome.RoundOutcome;
import dev.thistle.lab.outcome.RunFolder;
import dev.thistle.lab.scenario.BuiltInScenarios;
import dev.thistle.lab.scenario.ClientPlan;
import dev.thistle.lab.scenario.IspPlan;
import dev.thistle.lab.scenario.Round;
import dev.thistle.lab.scenario.Scenario;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Which trials are played in which order, on a stage where all of them are the same.
class ScenarioRunTest {

    private final TrialScript script = new TrialScript();
    private final Scenario scenario;
    private final List<Played> played = new ArrayList<>();
    private final List<String> heard = new ArrayList<>();

    @TempDir Path dir;

    private record Played(Scenario scenario, ClientPlan client, IspPlan isp, Tap tap) {}

    ScenarioRunTest() throws IOException {
        scenario = BuiltInScenarios.read("isp-vs-bittorrent");
    }

    @AfterEach
    void close() {
        script.close();
    }

    private final class Ear implements ScenarioRun.Listener {

        @Override
        public void begins(Round round, String part) {
            heard.add(round.id() + " " + part);
        }

        @Override
        public void discarded(RoundOutcome outcome) {
            heard.add(outcome.round().id() + " discarded");
        }

        @Override
        public void doubted(RoundOutcome outcome) {
            heard.add(outcome.round().id() + " doubted");
        }

        @Override
        public void ended(RoundOutcome outcome) {
            heard.add(outcome.round().id() + " ended");
        }
    }

    private List<RoundOutcome> play(Scenario wanted) throws Exception {
        return play(
                wanted,
                (story, client, isp, tap) -> {
                    played.add(new Played(story, client, isp, tap));
                    return script.record();
                });
    }

    private List<RoundOutcome> play(Scenario wanted, ScenarioRun.Stage stage) throws Exception {
        try (RunFolder folder = RunFolder.create(dir)) {
            return new ScenarioRun(wanted, folder, new Ear(), stage).play();
        }
    }

    @Test
    void rounds_are_played_in_order_and_share_the_idle_trial_of_their_client() throws Exception {
        List<RoundOutcome> outcomes =
                play(scenario.only(List.of("r0-open", "r0-throttle", "r1-mse", "r1-pattern")));

        assertThat(heard)
                .containsExactly(
                        "r0-open idle",
                        "r0-open active",
                        "r0-open ended",
                        "r0-throttle active",
                        "r0-throttle ended",
                        "r1-mse idle",
                        "r1-mse active",
                        "r1-mse ended",
                        "r1-pattern active",
                        "r1-pattern ended");
        assertThat(outcomes)
                .extracting(outcome -> outcome.round().id())
                .containsExactly("r0-open", "r0-throttle", "r1-mse", "r1-pattern");
        assertThat(dir.resolve("captures"))
                .isDirectoryContaining("glob:**r1-mse-access.pcapng")
                .isDirectoryContaining("glob:**r1-mse-internet.pcapng");
    }

    @Test
    void a_brief_trial_with_an_idle_isp_warms_up_before_all_others() throws Exception {
        Scenario one = scenario.only(List.of("r1-pattern"));
        play(one);

        Round round = one.rounds().getFirst();
        assertThat(played).hasSize(3);
        assertThat(played.get(0))
                .isEqualTo(new Played(one.brief(), round.client(), IspPlan.IDLE, Tap.NONE));
        assertThat(played.get(1))
                .isEqualTo(new Played(one, round.client(), IspPlan.IDLE, Tap.NONE));
        assertThat(played.get(2).scenario()).isEqualTo(one);
        assertThat(played.get(2).isp()).isEqualTo(round.isp());
        assertThat(played.get(2).tap()).isInstanceOf(RoundCapture.class);
    }

    @Test
    void what_failed_on_a_quiet_machine_has_failed() throws Exception {
        play(scenario.only(List.of("r0-reset")), (_, _, _, _) -> script.record(0.5, 0));
        assertThat(heard).containsExactly("r0-reset idle", "r0-reset active", "r0-reset ended");
    }

    /// The round cannot hold, since the trial found one flow of many.
    @Test
    void a_round_that_fails_on_a_busy_machine_is_played_again_twice_with_its_idle_trial()
            throws Exception {
        script.flow(script.caller(script.peer), script.seeder, "D-S1");
        RoundOutcome last =
                play(scenario.only(List.of("r0-open")), (_, _, _, _) -> script.record(0.95, 0))
                        .getLast();

        assertThat(last.holds()).isFalse();
        assertThat(heard)
                .containsExactly(
                        "r0-open idle",
                        "r0-open active",
                        "r0-open discarded",
                        "r0-open idle",
                        "r0-open active",
                        "r0-open discarded",
                        "r0-open idle",
                        "r0-open active",
                        "r0-open ended");
        assertThat(Files.readAllLines(dir.resolve("truth.ndjson")))
                .as("lines of the last alone")
                .hasSize(1);
    }

    @Test
    void a_round_that_fails_once_the_machine_is_quiet_again_is_believed() throws Exception {
        var busy = new ArrayDeque<>(List.of(0.1, 0.95, 0.95));
        play(
                scenario.only(List.of("r0-open")),
                (_, _, _, _) -> script.record(busy.isEmpty() ? 0.1 : busy.remove(), 0));

        assertThat(heard)
                .containsOnlyOnce("r0-open discarded")
                .endsWith("r0-open idle", "r0-open active", "r0-open ended");
    }

    /// Plays r1-mse, in which nothing but goodput can be missed here.
    ///
    /// @param verified by the leechers of one trial after the other: warm-up, idle, active, …
    private RoundOutcome playByGoodput(List<Integer> verified) throws Exception {
        script.flow(script.caller(script.peer), script.seeder);
        var left = new ArrayDeque<>(verified);
        RoundOutcome last =
                play(
                                scenario.only(List.of("r1-mse")),
                                (_, _, _, _) -> script.record(0.5, 0, left.remove()))
                        .getLast();
        assertThat(left).isEmpty();
        return last;
    }

    @Test
    void a_round_that_missed_its_goodput_alone_is_believed_if_it_holds_twice_more()
            throws Exception {
        RoundOutcome last = playByGoodput(List.of(1, 100, 79, 100, 80, 100, 110));

        assertThat(last.holds()).isTrue();
        assertThat(last.goodputRatio()).isEqualTo(1.1);
        assertThat(heard)
                .containsExactly(
                        "r1-mse idle",
                        "r1-mse active",
                        "r1-mse doubted",
                        "r1-mse idle",
                        "r1-mse active",
                        "r1-mse idle",
                        "r1-mse active",
                        "r1-mse ended");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1 100 79 100 79", "1 100 79 100 80 100 79"})
    void a_round_that_misses_its_goodput_twice_of_three_has_failed(String verified)
            throws Exception {
        List<Integer> bytes = Stream.of(verified.split(" ")).map(Integer::valueOf).toList();

        assertThat(playByGoodput(bytes).failures())
                .containsExactly("goodput ratio: expected at least 0.8, found 0.79");
    }

    @Test
    void goodput_gives_no_second_look_to_what_failed_otherwise_too() throws Exception {
        script.flow(script.caller(script.other), script.seeder, "D-S1");

        assertThat(playByGoodput(List.of(1, 100, 79)).failures()).hasSize(2);
        assertThat(heard).doesNotContain("r1-mse doubted");
    }

    @Test
    void a_scenario_without_rounds_plays_nothing() throws Exception {
        assertThat(play(scenario.only(List.of()))).isEmpty();
        assertThat(played).isEmpty();
    }

    @Test
    void a_machine_that_fails_is_told_with_the_round_and_ends_the_run() {
        Scenario two = scenario.only(List.of("r0-open", "r1-mse"));
        ClientPlan second = two.rounds().getLast().client();

        assertThatThrownBy(() ->
                        play(
                                two,
                                (_, client, _, _) -> {
                                    if (client.equals(second)) {
                                        throw new IOException("the box failed");
                                    }
                                    return script.record();
                                }))
                .isInstanceOf(IOException.class)
                .hasMessage("r1-mse: the box failed");
        assertThat(heard)
                .containsExactly("r0-open idle", "r0-open active", "r0-open ended", "r1-mse idle");
    }
}
