package dev.thistle.lab.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.lab.scenario.Expectation;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JudgeTest {

    private static final OptionalDouble ANY = OptionalDouble.empty();
    private static final OptionalInt ANY_COUNT = OptionalInt.empty();

    private static Expectation ratio(OptionalDouble min, OptionalDouble max) {
        return new Expectation(
                min, max, ANY, ANY, ANY_COUNT, ANY_COUNT, ANY_COUNT, ANY_COUNT, ANY_COUNT,
                ANY_COUNT, ANY_COUNT, ANY_COUNT, ANY_COUNT);
    }

    private static Expectation identifiedShare(OptionalDouble min, OptionalDouble max) {
        return new Expectation(
                ANY, ANY, min, max, ANY_COUNT, ANY_COUNT, ANY_COUNT, ANY_COUNT, ANY_COUNT,
                ANY_COUNT, ANY_COUNT, ANY_COUNT, ANY_COUNT);
    }

    /// Bounds are: customers at least, at most; false positives at most; resets at least, at most;
    /// killed at least, at most; throttled at least, at most.
    private static Expectation counts(int... bounds) {
        OptionalInt[] all = new OptionalInt[9];
        for (int i = 0; i < 9; i++) {
            all[i] = bounds[i] < 0 ? ANY_COUNT : OptionalInt.of(bounds[i]);
        }
        return new Expectation(
                ANY, ANY, ANY, ANY, all[0], all[1], all[2], all[3], all[4], all[5], all[6], all[7],
                all[8]);
    }

    @Test
    void what_is_not_expected_is_not_judged() {
        assertThat(Judge.failures(ratio(ANY, ANY), Outcomes.goodput(Double.NaN, Double.NaN)))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "0.8, -, 80, 100, -",
                "0.8, -, 79.99, 100, 'goodput ratio: expected at least 0.8, found 0.7999'",
                "-, 0.5, 50, 100, -",
                "-, 0.5, 100, 100, 'goodput ratio: expected at most 0.5, found 1'",
                "0.8, -, 0, 0, 'goodput ratio: expected at least 0.8, found nothing to compare with'",
                "-, 0.5, 0, 0, 'goodput ratio: expected at most 0.5, found nothing to compare with'",
                "-, 0.5, NaN, 1, 'goodput ratio: expected at most 0.5, found nothing to compare with'",
            })
    void goodput_is_judged_and_what_is_no_number_never_holds(
            Double min, Double max, double found, double idle, String said) {
        Expectation expected = ratio(optional(min), optional(max));

        List<String> failures = Judge.failures(expected, Outcomes.goodput(found, idle));

        assertThat(failures).isEqualTo(said == null ? List.of() : List.of(said));
    }

    private static OptionalDouble optional(Double value) {
        return value == null ? ANY : OptionalDouble.of(value);
    }

    @Test
    void a_share_of_no_flows_proves_nothing() {
        Expectation none = identifiedShare(ANY, OptionalDouble.of(0));

        assertThat(Judge.failures(none, Outcomes.identified(0, 30))).isEmpty();
        assertThat(Judge.failures(none, Outcomes.identified(1, 30)))
                .containsExactly(
                        "share of peer flows identified: expected at most 0, found 0.0333");
        assertThat(Judge.failures(none, Outcomes.identified(0, 0)))
                .containsExactly(
                        "share of peer flows identified: expected at most 0,"
                                + " found nothing to compare with");
        assertThat(
                        Judge.failures(
                                identifiedShare(OptionalDouble.of(0.9), ANY),
                                Outcomes.identified(26, 30)))
                .containsExactly(
                        "share of peer flows identified: expected at least 0.9, found 0.8667");
    }

    @Test
    void every_count_has_its_bounds() {
        // customers 2, false positives 3, resets 40, killed 5, throttled 6
        RoundOutcome found = Outcomes.counts(2, 3, 40, 5, 6);

        assertThat(Judge.failures(counts(2, 2, 3, 40, 40, 5, 5, 6, 6), found)).isEmpty();
        assertThat(Judge.failures(counts(3, -1, 2, 41, -1, 6, -1, 7, -1), found))
                .containsExactly(
                        "customers identified: expected at least 3, found 2",
                        "false positives: expected at most 2, found 3",
                        "resets injected: expected at least 41, found 40",
                        "connections killed: expected at least 6, found 5",
                        "flows throttled: expected at least 7, found 6");
        assertThat(Judge.failures(counts(-1, 1, -1, -1, 39, -1, 4, -1, 5), found))
                .containsExactly(
                        "customers identified: expected at most 1, found 2",
                        "resets injected: expected at most 39, found 40",
                        "connections killed: expected at most 4, found 5",
                        "flows throttled: expected at most 5, found 6");
    }

    @Test
    void a_judged_round_keeps_its_numbers_and_carries_its_failures() throws Exception {
        RoundOutcome sample = SampleRun.summary().rounds().get(6);

        assertThat(sample.holds()).isFalse();
        assertThat(sample.failures()).hasSize(1);
        assertThat(sample.judged()).isEqualTo(sample);
    }
}
