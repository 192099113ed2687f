package dev.thistle.lab.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.isp.box.BoxEvent;
import dev.thistle.isp.detect.Subject;
import dev.thistle.isp.detect.Verdict;
import dev.thistle.isp.flow.FlowKey;
import dev.thistle.isp.policy.Action;
import dev.thistle.lab.outcome.RoundOutcome.Mark;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MarksTest {

    private final TrialScript script = new TrialScript();
    private final FlowKey flow = TrialScript.key(script.peer, script.seeder);

    @AfterEach
    void close() {
        script.close();
    }

    private BoxEvent identified(int millis, String evidence) {
        var subject = new Subject.OfFlow(flow);
        return new BoxEvent.Identified(
                new Verdict(TrialScript.after(millis), "D-S1", subject, evidence, 1, 68));
    }

    private BoxEvent reset(int millis) {
        return new BoxEvent.ResetForged(TrialScript.after(millis), flow, script.seeder, 1000, 1);
    }

    @Test
    void what_happens_within_a_tenth_of_a_second_of_the_first_is_one_mark() {
        script.events.add(identified(1000, "first"));
        script.events.add(identified(1050, "second"));
        script.events.add(identified(1099, "third"));
        script.events.add(identified(1101, "fourth"));
        script.events.add(identified(1300, "fifth"));

        assertThat(Marks.of(script.record()))
                .containsExactly(
                        new Mark(1, Mark.Kind.IDENTIFIED, "D-S1: first, and 2 more"),
                        new Mark(1.101, Mark.Kind.IDENTIFIED, "D-S1: fourth"),
                        new Mark(1.3, Mark.Kind.IDENTIFIED, "D-S1: fifth"));
    }

    @Test
    void kinds_have_marks_of_their_own_in_the_order_of_their_time() {
        script.events.add(identified(200, "a handshake"));
        script.events.add(reset(210));
        script.events.add(identified(220, "another"));
        script.events.add(
                new BoxEvent.Throttled(
                        TrialScript.after(230), flow, (Action.Throttle) TrialScript.THROTTLE));
        script.events.add(reset(240));
        script.events.add(reset(500));

        assertThat(Marks.of(script.record()))
                .containsExactly(
                        new Mark(0.2, Mark.Kind.IDENTIFIED, "D-S1: a handshake, and 1 more"),
                        new Mark(
                                0.21, Mark.Kind.RESET, "reset towards 10.64.0.1:51413, and 1 more"),
                        new Mark(0.23, Mark.Kind.THROTTLED, "throttled " + flow),
                        new Mark(0.5, Mark.Kind.RESET, "reset towards 10.64.0.1:51413"));
    }

    @Test
    void a_blocked_flow_has_no_mark_and_without_events_there_is_none() {
        assertThat(Marks.of(script.record())).isEmpty();
        script.events.add(new BoxEvent.Dropped(TrialScript.after(10), flow));
        assertThat(Marks.of(script.record())).isEmpty();
    }
}
