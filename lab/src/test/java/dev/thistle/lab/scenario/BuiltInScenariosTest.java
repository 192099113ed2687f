package dev.thistle.lab.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.isp.policy.Action;
import dev.thistle.lab.scenario.ClientPlan.PadA;
import dev.thistle.lab.scenario.ClientPlan.Tracker;
import java.io.IOException;
import java.time.Duration;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BuiltInScenariosTest {

    private Scenario scenario;

    @BeforeEach
    void read() throws IOException {
        scenario = BuiltInScenarios.read("isp-vs-bittorrent");
    }

    @Test
    void the_race_has_its_fifteen_rounds_in_order() {
        assertThat(scenario.name()).isEqualTo("isp-vs-bittorrent");
        assertThat(scenario.rounds())
                .extracting(Round::id)
                .containsExactly(
                        "r0-open",
                        "r0-throttle",
                        "r0-reset",
                        "r1-mse",
                        "r1-pattern",
                        "r1-pattern-reset",
                        "r1-drop-one",
                        "r1-drop-both",
                        "r1-drop-throttle",
                        "r2-snoop",
                        "r2-tpo",
                        "r2-tpo-pattern",
                        "r2-tpo-dictionary",
                        "r3-fet",
                        "r3-fet-shaped");
    }

    @Test
    void units_are_read_as_they_are_written() {
        assertThat(scenario.network())
                .isEqualTo(
                        new AccessNetwork(
                                20_000_000,
                                10_000_000,
                                Duration.ofMillis(10),
                                Duration.ofMillis(2),
                                0,
                                1500));
        assertThat(scenario.swarm())
                .isEqualTo(new SwarmPlan(20 << 20, 128 << 10, 1, 2, 10, Duration.ofSeconds(24)));
        assertThat(scenario.background()).isEqualTo(new Background(4, 2, 1, 2, 1));
    }

    @Test
    void quick_exchanges_less_in_smaller_pieces_and_less_time_and_changes_nothing_else() {
        Scenario quick = scenario.quick();

        assertThat(quick.swarm())
                .isEqualTo(new SwarmPlan(4 << 20, 64 << 10, 1, 2, 10, Duration.ofMillis(5500)));
        assertThat(quick.rounds()).isEqualTo(scenario.rounds());
        assertThat(quick.network()).isEqualTo(scenario.network());
    }

    @Test
    void obfuscation_meets_the_isp_that_snoops_and_differs_in_the_tracker_alone() {
        ClientPlan clear = round("r2-snoop").client();
        ClientPlan obfuscated = round("r2-tpo").client();

        assertThat(round("r2-tpo").isp()).isSameAs(round("r2-snoop").isp());
        assertThat(obfuscated.tracker()).isEqualTo(Tracker.OBFUSCATED);
        assertThat(obfuscated)
                .isEqualTo(
                        new ClientPlan(
                                clear.encryption(),
                                clear.cipher(),
                                clear.padA(),
                                Tracker.OBFUSCATED,
                                clear.dropResets()));
    }

    @Test
    void the_shaped_client_meets_the_same_isp_and_differs_in_the_pad_alone() {
        ClientPlan random = round("r3-fet").client();

        assertThat(round("r3-fet-shaped").isp()).isSameAs(round("r3-fet").isp());
        assertThat(round("r3-fet-shaped").client())
                .isEqualTo(
                        new ClientPlan(
                                random.encryption(),
                                random.cipher(),
                                PadA.PRINTABLE21,
                                random.tracker(),
                                random.dropResets()));
        assertThat(random.padA()).isEqualTo(PadA.RANDOM);
    }

    @Test
    void dropping_resets_is_tried_against_the_isp_that_kills_without_it() {
        assertThat(round("r1-drop-one").isp())
                .isSameAs(round("r1-pattern-reset").isp())
                .isSameAs(round("r1-drop-both").isp());
        assertThat(round("r1-drop-throttle").isp()).isSameAs(round("r1-pattern").isp());
    }

    @Test
    void no_round_may_touch_the_background() {
        assertThat(scenario.rounds())
                .extracting(round -> round.expected().falsePositivesMax())
                .containsOnly(OptionalInt.of(0));
    }

    @Test
    void every_detector_of_a_round_has_a_consequence_and_every_round_judges_goodput() {
        for (Round round : scenario.rounds()) {
            assertThat(round.isp().detectors())
                    .as(round.id())
                    .isNotEmpty()
                    .allMatch(id -> round.isp().policy().action(id).isPresent());
            assertThat(
                            round.expected().goodputRatioMin().isPresent()
                                    ^ round.expected().goodputRatioMax().isPresent())
                    .as(round.id())
                    .isTrue();
        }
        assertThat(round("r0-throttle").isp().policy().action("D-S1"))
                .contains(
                        new Action.Throttle(1_000_000, 32 << 10, 64 << 10, Action.Scope.CUSTOMER));
    }

    @Test
    void a_name_nobody_knows_is_refused_with_those_there_are() {
        assertThatThrownBy(() -> BuiltInScenarios.read("../../etc/passwd"))
                .hasMessage("'../../etc/passwd', allowed isp-vs-bittorrent");
    }

    private Round round(String id) {
        return scenario.rounds().stream()
                .filter(round -> round.id().equals(id))
                .findFirst()
                .orElseThrow();
    }
}
