package dev.thistle.lab.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.lab.scenario.Scenario;
import java.util.ArrayDeque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ReportTest {

    @Test
    void every_round_is_in_the_table_and_has_a_chart() throws Exception {
        Summary summary = SampleRun.summary();
        String page = Report.html(summary);

        for (RoundOutcome outcome : summary.rounds()) {
            String id = outcome.round().id();
            assertThat(page)
                    .contains("<a href=\"#%s\">%s</a>".formatted(id, id))
                    .contains("<article class=\"round\" id=\"%s\">".formatted(id))
                    .contains("<title id=\"t-%s\">%s: goodput over time</title>".formatted(id, id))
                    .contains(Html.escape(outcome.round().claim()));
        }
        assertThat(Pattern.compile("<svg ").matcher(page).results()).hasSize(15);
        assertThat(page)
                .contains("✗ 14 of 15 rounds came out as expected; not so: r1-drop-one.")
                .contains("goodput ratio: expected at most 0.5, found 0.6927")
                .contains("The processors were 97 % busy");
    }

    @Test
    void the_page_loads_nothing_and_runs_nothing() throws Exception {
        assertThat(Report.html(SampleRun.summary()))
                .doesNotContainIgnoringCase("http:", "https:", "//", "src=", "url(", "@import")
                .doesNotContainIgnoringCase("<script", "<link", "<iframe", "onload", "javascript:")
                .contains("default-src 'none'");
    }

    @Test
    void nothing_from_outside_is_markup() throws Exception {
        String evil = "\"'><script>alert(1)</script>&\u0000\u202E";
        Scenario scenario = SampleRun.summary().scenario();
        String page = Report.html(new Summary(scenario, List.of(Outcomes.saying(evil))));

        assertThat(page)
                .doesNotContain("<script", "\u0000", "\u202E", "\"'>")
                .contains("&quot;&#39;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;\uFFFD\uFFFD");
        assertWellFormed(page);
    }

    @Test
    void what_is_no_number_leaves_a_gap_and_not_a_broken_drawing() throws Exception {
        Scenario scenario = SampleRun.summary().scenario();
        String page = Report.html(new Summary(scenario, List.of(Outcomes.saying("x"))));

        assertThat(page).doesNotContain("NaN", "Infinity").contains("could not be compared");
    }

    @Test
    void all_tags_are_closed_in_their_order() throws Exception {
        assertWellFormed(Report.html(SampleRun.summary()));
        assertWellFormed(Report.html(new Summary(SampleRun.summary().scenario(), List.of())));
    }

    @Test
    void a_run_in_which_all_came_out_as_expected_says_so() throws Exception {
        Summary sample = SampleRun.summary();
        var good =
                new Summary(
                        sample.scenario(),
                        sample.rounds().stream().filter(RoundOutcome::holds).toList());

        assertThat(Report.html(good)).contains("✓ All 14 rounds came out as expected.");
    }

    @Test
    void goodput_is_drawn_as_the_mean_over_a_second_and_gaps_are_left_out() {
        var series =
                List.of(
                        new RoundOutcome.Sample(0, 0, 3),
                        new RoundOutcome.Sample(0.4, 30e6, 4),
                        new RoundOutcome.Sample(0.8, Double.NaN, 9),
                        new RoundOutcome.Sample(2, 7e6, 5));

        assertThat(Axes.smooth(series))
                .containsExactly(
                        new RoundOutcome.Sample(0, 15e6, 3),
                        new RoundOutcome.Sample(0.4, 15e6, 4),
                        new RoundOutcome.Sample(2, 7e6, 5));
    }

    @Test
    void ticks_are_numbers_that_people_count_in() {
        assertThat(Axes.step(100, 4)).isEqualTo(50);
        assertThat(Axes.step(20, 8)).isEqualTo(5);
        assertThat(Axes.step(7, 8)).isEqualTo(1);
        assertThat(Axes.step(0.9, 4)).isEqualTo(0.5);
    }

    /// But for what has no end tag in HTML, and the paths of drawings, which say so themselves.
    private static void assertWellFormed(String page) {
        var open = new ArrayDeque<String>();
        Matcher tags = Pattern.compile("<(/?)([a-z0-9]+)[^<>]*?(/?)>").matcher(page);
        while (tags.find()) {
            String tag = tags.group(2);
            if (!tags.group(1).isEmpty()) {
                assertThat(tag).as("at %d", tags.start()).isEqualTo(open.pop());
            } else if (tags.group(3).isEmpty() && !List.of("meta", "br").contains(tag)) {
                open.push(tag);
            }
        }
        assertThat(open).isEmpty();
    }
}
