package dev.thistle.lab.outcome;

import static dev.thistle.lab.outcome.Html.escape;
import static dev.thistle.lab.outcome.Html.number;

import dev.thistle.lab.scenario.PlanWords;
import dev.thistle.lab.scenario.Scenario;
import dev.thistle.lab.scenario.SwarmPlan;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/// A run as one page that opens offline: the verdict, a table of all rounds, and a chart of each.
/// It loads nothing, runs no script, and says nothing that the summary does not.
public final class Report {

    private final Summary summary;
    private final StringBuilder page = new StringBuilder();

    private Report(Summary summary) {
        this.summary = summary;
    }

    /// The whole page.
    public static String html(Summary summary) throws IOException {
        var report = new Report(summary);
        report.head();
        report.table();
        report.charts();
        report.page.append("</main>\n</body>\n</html>\n");
        return report.page.toString();
    }

    private static String style() throws IOException {
        try (InputStream in = Report.class.getResourceAsStream("report.css")) {
            if (in == null) {
                throw new IllegalStateException("report.css is not in the program");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private void head() throws IOException {
        Scenario scenario = summary.scenario();
        add(
                """
                <!doctype html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="color-scheme" content="light dark">
                <meta http-equiv="Content-Security-Policy"
                      content="default-src 'none'; style-src 'unsafe-inline'">
                <title>%s: results</title>
                <style>
                %s</style>
                </head>
                <body>
                <main>
                <header>
                <p class="kicker">Thistle lab · %s</p>
                <h1>%s</h1>
                <p class="verdict %s">%s</p>
                <p class="setting">%s</p>
                </header>
                """
                        .formatted(
                                escape(scenario.name()),
                                style(),
                                escape(scenario.name()),
                                escape(scenario.title()),
                                summary.holds() ? "holds" : "fails",
                                escape(verdict()),
                                escape(setting(scenario))));
    }

    private String verdict() {
        int all = summary.rounds().size();
        long held = summary.rounds().stream().filter(RoundOutcome::holds).count();
        if (all == 0) {
            return "No round was run.";
        }
        if (held == all) {
            return all == 1
                    ? "✓ The round came out as expected."
                    : "✓ All %d rounds came out as expected.".formatted(all);
        }
        List<String> others =
                summary.rounds().stream()
                        .filter(outcome -> !outcome.holds())
                        .map(outcome -> outcome.round().id())
                        .toList();
        return "✗ %d of %d rounds came out as expected; not so: %s."
                .formatted(held, all, String.join(", ", others));
    }

    private static String setting(Scenario scenario) {
        SwarmPlan swarm = scenario.swarm();
        return ("%s, %s and %s share %s MiB, watched"
                        + " for %s s at most. A customer's line carries %s Mbit/s down and %s up, with"
                        + " %s ms delay each way. Other customers (%d) browse, download and back up."
                        + " Seed %d; receivers treat forged resets as in era “%s”.")
                .formatted(
                        count(swarm.seeders(), "seeding customer"),
                        count(swarm.leechers(), "downloading customer"),
                        count(swarm.outsideLeechers(), "leecher") + " outside",
                        Html.at(swarm.contentBytes() / 1048576.0),
                        Html.at(swarm.window().toNanos() / 1e9),
                        Html.at(scenario.network().downBitsPerSecond() / 1e6),
                        Html.at(scenario.network().upBitsPerSecond() / 1e6),
                        Html.at(scenario.network().delay().toNanos() / 1e6),
                        scenario.background().customers(),
                        scenario.seed(),
                        scenario.era());
    }

    private static String count(int count, String one) {
        return count == 1 ? "1 " + one : "%d %ss".formatted(count, one);
    }

    private void table() {
        add(
                """
                <section aria-labelledby="rounds">
                <h2 id="rounds">Rounds</h2>
                <div class="wide" role="region" aria-label="Table of rounds" tabindex="0">
                <table>
                <caption>Goodput is what leechers verified a second. The ratio is against the same
                client with the ISP idle. Flows are those between peers that crossed the box;
                false positives are flows of other customers.</caption>
                <thead><tr>
                <th scope="col">Round, verdict</th>
                <th scope="col">Client</th>
                <th scope="col">ISP</th>
                <th scope="col">Claim</th>
                <th scope="col" class="n">Goodput<br><small>Mbit/s</small></th>
                <th scope="col" class="n">Ratio<br><small>to idle</small></th>
                <th scope="col" class="n">Identified<br><small>/ flows</small></th>
                <th scope="col" class="n">False<br><small>positives</small></th>
                <th scope="col" class="n">Killed<br><small>/ resets sent</small></th>
                <th scope="col" class="n">Throttled<br><small>flows</small></th>
                </tr></thead>
                <tbody>
                """);
        summary.rounds().forEach(this::row);
        page.append("</tbody>\n</table>\n</div>\n</section>\n");
    }

    private void row(RoundOutcome outcome) {
        double ratio = outcome.goodputRatio();
        double bar = Double.isFinite(ratio) ? Math.clamp(100 * ratio, 0, 100) : 0;
        String id = escape(outcome.round().id());
        add(
                """
                <tr>
                <th scope="row"><a href="#%s">%s</a><br>%s</th>
                <td class="plan">%s</td>
                <td class="plan">%s <small>%s</small></td>
                <td class="claim">%s%s</td>
                <td class="n">%s</td>
                <td class="n">%s<span class="bar"><i style="width:%s%%"></i></span></td>
                <td class="n">%d<small> / %d</small></td>
                <td class="n">%d</td>
                <td class="n">%d<small> / %d</small></td>
                <td class="n">%d</td>
                </tr>
                """
                        .formatted(
                                id,
                                id,
                                badge(outcome),
                                words(PlanWords.of(outcome.round().client())),
                                words(PlanWords.of(outcome.round().isp())),
                                escape(PlanWords.detectors(outcome.round().isp())),
                                escape(outcome.round().claim()),
                                failures(outcome),
                                number("%.1f", outcome.goodputBitsPerSecond() / 1e6),
                                number("%.2f", ratio),
                                Html.at(bar),
                                outcome.identified(),
                                outcome.flows(),
                                outcome.falsePositives(),
                                outcome.connectionsKilled(),
                                outcome.resetsInjected(),
                                outcome.throttledFlows()));
    }

    /// What must not be torn apart at the end of a line is not.
    private static String words(String text) {
        return escape(text)
                .replace("BEP 8", "BEP&nbsp;8")
                .replace(" Mbit/s", "&nbsp;Mbit/s")
                .replace(" %", "&nbsp;%");
    }

    private static String failures(RoundOutcome outcome) {
        return outcome.failures().stream()
                .map(each -> "<span class=\"failure\">✗ %s</span>\n".formatted(escape(each)))
                .collect(Collectors.joining());
    }

    private static String badge(RoundOutcome outcome) {
        return outcome.holds()
                ? "<span class=\"badge holds\">✓ holds</span>"
                : "<span class=\"badge fails\">✗ fails</span>";
    }

    private void charts() {
        Axes axes = Axes.of(summary.rounds());
        page.append(
                """
                <section aria-labelledby="time">
                <h2 id="time">Over time</h2>
                <p class="setting">All charts share their axes, so that rounds can be compared by eye.
                Below each, every tick is the moment of one or more verdicts or actions of the ISP;
                at the right stands how many flows between peers were identified in all, how many
                resets were forged, and how many of those flows were throttled.</p>
                <div class="charts">
                """);
        for (RoundOutcome outcome : summary.rounds()) {
            chart(outcome, axes);
        }
        page.append("</div>\n</section>\n");
    }

    private void chart(RoundOutcome outcome, Axes axes) {
        add(
                """
                <article class="round" id="%s">
                <h3>%s %s</h3>
                <p class="who"><span><b>Client</b> %s</span>
                <span><b>ISP</b> %s <small>%s</small></span></p>
                <div class="wide">%s</div>
                <p class="reading">%s</p>
                """
                        .formatted(
                                escape(outcome.round().id()),
                                escape(outcome.round().id()),
                                badge(outcome),
                                words(PlanWords.of(outcome.round().client())),
                                words(PlanWords.of(outcome.round().isp())),
                                escape(PlanWords.detectors(outcome.round().isp())),
                                RoundChart.svg(outcome, axes),
                                words(Interpretation.of(outcome))));
        page.append(failures(outcome));
        if (outcome.limitedByCpu()) {
            add(
                    ("<p class=\"doubt\">The processors were %s %% busy: they, and not the ISP, may have"
                                    + " set the pace.</p>\n")
                            .formatted(number("%.0f", 100 * outcome.cpuShare())));
        }
        page.append("</article>\n");
    }

    private void add(String markup) {
        page.append(markup);
    }
}
