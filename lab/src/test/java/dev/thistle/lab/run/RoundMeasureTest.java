package dev.thistle.lab.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.isp.packet.Endpoint;
import dev.thistle.isp.policy.Action;
import dev.thistle.lab.outcome.RoundOutcome;
import dev.thistle.lab.scenario.BuiltInScenarios;
import dev.thistle.lab.scenario.Round;
import dev.thistle.lab.truth.Ending;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoundMeasureTest {

    private final TrialScript script = new TrialScript();
    private final Round round;

    RoundMeasureTest() throws IOException {
        round = BuiltInScenarios.read("isp-vs-bittorrent").rounds().getFirst();
    }

    @AfterEach
    void close() {
        script.close();
    }

    private RoundOutcome measured() {
        TrialRecord trial = script.record();
        return new RoundMeasure(round, 4, trial, trial).outcome();
    }

    @Test
    void a_flow_of_peers_counts_once_somebody_said_something_in_it() {
        script.flow(script.caller(script.peer), script.seeder);
        script.flow(script.caller(script.leecher), script.peer, 1, Optional.empty());
        script.flow(script.caller(script.other), script.seeder, 0, Optional.empty(), "D-H1");

        RoundOutcome outcome = measured();
        assertThat(outcome.flows()).isEqualTo(2);
        assertThat(outcome.identified()).as("a call without an answer").isZero();
    }

    @Test
    void announces_are_no_flows_of_peers_and_are_counted_beside_them() {
        script.flow(script.caller(script.peer), script.seeder, "D-S1");
        script.flow(script.caller(script.seeder), script.tracker, "D-S3");
        script.flow(script.caller(script.leecher), script.tracker);

        RoundOutcome outcome = measured();
        assertThat(outcome.flows()).isEqualTo(1);
        assertThat(outcome.identified()).isEqualTo(1);
        assertThat(outcome.announces()).isEqualTo(2);
        assertThat(outcome.announcesIdentified()).isEqualTo(1);
        assertThat(outcome.benignFlows()).isZero();
    }

    @Test
    void a_flow_is_identified_once_however_many_detectors_see_it() {
        script.flow(script.caller(script.peer), script.seeder, "D-S1", "D-H1", "D-T1");
        script.flow(script.caller(script.other), script.seeder);

        assertThat(measured().identified()).isEqualTo(1);
        assertThat(measured().identifiedShare()).isEqualTo(0.5);
    }

    @Test
    void a_verdict_on_what_is_known_to_be_something_else_is_a_false_positive() {
        script.flow(script.neighbour, script.web, "D-E1:paper");
        script.flow(script.caller(script.neighbour), script.web);
        script.flow(script.caller(script.neighbour), script.web, 0, Optional.empty(), "D-E1:ndpi");
        script.flow(script.caller(script.neighbour), script.caller(script.web), "D-E1:paper");

        RoundOutcome outcome = measured();
        assertThat(outcome.benignFlows()).as("without the one nobody knows").isEqualTo(3);
        assertThat(outcome.falsePositives()).isEqualTo(2);
        assertThat(outcome.flows()).isZero();
    }

    @Test
    void a_customer_is_identified_once_at_whichever_end_and_nobody_outside_is() {
        script.flow(script.caller(script.peer), script.seeder, "D-S1");
        script.flow(script.caller(script.seeder), script.other, "D-S1");
        script.flow(script.caller(script.leecher), script.peer);
        assertThat(measured().customersIdentified()).isEqualTo(1);

        script.flow(script.caller(script.leecher), script.seeder, "D-S1");
        script.flow(script.neighbour, script.web, "D-S1");
        assertThat(measured().customersIdentified()).isEqualTo(2);
    }

    @Test
    void a_connection_is_killed_if_both_ends_saw_it_and_the_box_did_it() {
        script.connection(forgedFrom(script.peer), Ending.RESET, script.seeder, Ending.RESET);
        script.connection(forgedFrom(script.leecher), Ending.RESET, script.seeder, Ending.RESET);
        assertThat(measured().connectionsKilled()).isEqualTo(2);

        script.connection(script.caller(script.peer), Ending.RESET, script.seeder, Ending.RESET);
        script.connection(script.caller(script.peer), Ending.RESET, script.other, Ending.RESET);
        script.connection(forgedFrom(script.peer), Ending.RESET, script.seeder, Ending.OPEN);
        script.connection(forgedFrom(script.peer), Ending.CLOSED, script.seeder, Ending.FINISHED);
        assertThat(measured().connectionsKilled()).isEqualTo(2);
    }

    /// A caller of the seeder whose flow the box reset.
    private Endpoint forgedFrom(Endpoint host) {
        Endpoint caller = script.caller(host);
        script.flow(caller, script.seeder, 1, Optional.of(TrialScript.RESET), "D-S1");
        return caller;
    }

    @Test
    void a_flow_is_throttled_if_that_is_what_the_policy_asked_for() {
        script.flow(
                script.caller(script.peer),
                script.seeder,
                1,
                Optional.of(TrialScript.THROTTLE),
                "D-H1");
        script.flow(
                script.caller(script.peer),
                script.seeder,
                1,
                Optional.of(TrialScript.RESET),
                "D-H1");
        script.flow(
                script.caller(script.peer),
                script.seeder,
                1,
                Optional.of(new Action.Watch()),
                "D-H1");
        script.flow(script.neighbour, script.web, 1, Optional.of(TrialScript.THROTTLE), "D-H1");

        assertThat(measured().throttledFlows()).isEqualTo(1);
        assertThat(measured().identified()).isEqualTo(3);
    }

    @Test
    void goodput_is_what_leechers_verified_in_the_time_they_took() {
        RoundOutcome outcome =
                new RoundMeasure(round, 4, script.record(), script.record(0.5, 7)).outcome();
        assertThat(outcome.goodputBitsPerSecond()).isEqualTo(16_000_000);
        assertThat(outcome.idleGoodputBitsPerSecond()).isEqualTo(16_000_000);
        assertThat(outcome.completed()).isEqualTo(3);
        assertThat(outcome.peers()).isEqualTo(4);
        assertThat(outcome.resetsInjected()).isEqualTo(7);
        assertThat(outcome.failures()).as("judged").isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0.95, 0.2, true", "0.2, 0.95, true", "0.9, 0.9, false"})
    void either_trial_may_have_been_limited_by_the_processors(
            double idle, double active, boolean isLimited) {
        RoundOutcome outcome =
                new RoundMeasure(round, 4, script.record(idle, 0), script.record(active, 0))
                        .outcome();
        assertThat(outcome.cpuShare()).isEqualTo(Math.max(idle, active));
        assertThat(outcome.limitedByCpu()).isEqualTo(isLimited);
    }
}
