package dev.thistle.lab.outcome;

import static dev.thistle.lab.outcome.Html.at;
import static dev.thistle.lab.outcome.Html.escape;

import dev.thistle.lab.outcome.RoundOutcome.Mark;
import dev.thistle.lab.outcome.RoundOutcome.Sample;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;

/// One round as a drawing: goodput over time, beside it that of the idle run, the connections that
/// seeders have, and below, on a lane for each kind, what the ISP did and when.
final class RoundChart {

    private static final int WIDTH = 640;
    private static final int LEFT = 72;
    private static final int RIGHT = WIDTH - 52;
    private static final int TOP = 30;
    private static final int BOTTOM = 200;
    private static final int LANES = 212;
    private static final int LANE = 17;
    private static final int TICK = 11;
    private static final int FOOT = LANES + 3 * LANE;
    private static final int HEIGHT = FOOT + 36;

    /// Marks nearer to each other than this are one tick.
    private static final double BIN = 2.5;

    private final RoundOutcome outcome;
    private final Axes axes;
    private final StringBuilder svg = new StringBuilder();

    private RoundChart(RoundOutcome outcome, Axes axes) {
        this.outcome = outcome;
        this.axes = axes;
    }

    static String svg(RoundOutcome outcome, Axes axes) {
        var chart = new RoundChart(outcome, axes);
        chart.draw();
        return chart.svg.toString();
    }

    private void draw() {
        String id = escape(outcome.round().id());
        add(
                """
                <svg viewBox="0 0 %d %d" role="img" aria-labelledby="t-%s d-%s">
                <title id="t-%s">%s: goodput over time</title>
                <desc id="d-%s">%s</desc>
                """
                        .formatted(
                                WIDTH,
                                HEIGHT,
                                id,
                                id,
                                id,
                                id,
                                id,
                                escape(Interpretation.of(outcome))));
        axes();
        legend();
        line("idle", outcome.idleSeries(), s -> s.bitsPerSecond() / 1e6, axes.mbps());
        area();
        line("goodput", outcome.series(), s -> s.bitsPerSecond() / 1e6, axes.mbps());
        connections();
        firstMark();
        lane(Mark.Kind.IDENTIFIED, outcome.identified(), LANES);
        lane(Mark.Kind.RESET, outcome.resetsInjected(), LANES + LANE);
        lane(Mark.Kind.THROTTLED, outcome.throttledFlows(), LANES + 2 * LANE);
        svg.append("</svg>\n");
    }

    private void axes() {
        double step = Axes.step(axes.mbps(), 4);
        for (double mbps = 0; mbps <= axes.mbps() + step / 2; mbps += step) {
            double y = y(mbps, axes.mbps());
            add("<path class=\"grid\" d=\"M%d %sH%d\"/>\n".formatted(LEFT, at(y), RIGHT));
            label("goodput", "end", LEFT - 8, y + 4, at(mbps));
        }
        double few = Math.max(1, Axes.step(axes.connections(), 4));
        for (double count = 0; count <= axes.connections() + few / 2; count += few) {
            double y = y(count, axes.connections()) + 4;
            label("connections", "start", RIGHT + 8, y, at(count));
        }
        double seconds = Axes.step(axes.seconds(), 8);
        for (double s = 0; s <= axes.seconds() * 1.0001; s += seconds) {
            add("<path class=\"axis\" d=\"M%s %dv4\"/>\n".formatted(at(x(s)), FOOT));
            label("", "middle", x(s), FOOT + 17, at(s));
        }
        add("<path class=\"axis\" d=\"M%d %dH%d\"/>\n".formatted(LEFT, BOTTOM, RIGHT));
        add("<path class=\"axis\" d=\"M%d %dH%d\"/>\n".formatted(LEFT, FOOT, RIGHT));
        label(
                "",
                "middle",
                (LEFT + RIGHT) / 2.0,
                FOOT + 32,
                "seconds since the first leecher started");
        label("goodput", "end", LEFT - 8, 13, "Mbit/s");
    }

    private void legend() {
        double x = LEFT + 8;
        for (String[] each :
                List.of(
                        new String[] {"goodput", "goodput", "104"},
                        new String[] {"idle", "goodput, ISP idle", "160"},
                        new String[] {"connections", "connections of seeders (right)", "0"})) {
            add("<path class=\"%s\" d=\"M%s 9h24\"/>\n".formatted(each[0], at(x)));
            label("", "start", x + 30, 13, each[1]);
            x += Double.parseDouble(each[2]);
        }
    }

    private void area() {
        List<Sample> samples = finite(outcome.series());
        if (samples.isEmpty()) {
            return;
        }
        var path = new StringBuilder();
        for (Sample sample : samples) {
            path.append(
                    "L%s %s"
                            .formatted(
                                    at(x(sample.seconds())),
                                    at(y(sample.bitsPerSecond() / 1e6, axes.mbps()))));
        }
        add(
                "<path class=\"area\" d=\"M%s %d%sV%dZ\"/>\n"
                        .formatted(at(x(samples.getFirst().seconds())), BOTTOM, path, BOTTOM));
    }

    private void line(
            String kind, List<Sample> samples, ToDoubleFunction<Sample> value, double reach) {
        var path = new StringBuilder();
        for (Sample sample : finite(samples)) {
            path.append(path.isEmpty() ? 'M' : 'L')
                    .append(at(x(sample.seconds())))
                    .append(' ')
                    .append(at(y(value.applyAsDouble(sample), reach)));
        }
        if (!path.isEmpty()) {
            add("<path class=\"%s\" d=\"%s\"/>\n".formatted(kind, path));
        }
    }

    /// They come and go at once, so the line has steps.
    private void connections() {
        var path = new StringBuilder();
        for (Sample sample : finite(outcome.series())) {
            String x = at(x(sample.seconds()));
            String y = at(y(sample.connections(), axes.connections()));
            path.append((path.isEmpty() ? "M%s %s" : "H%sV%s").formatted(x, y));
        }
        if (!path.isEmpty()) {
            add("<path class=\"connections\" d=\"%s\"/>\n".formatted(path));
        }
    }

    private static List<Sample> finite(List<Sample> samples) {
        return samples.stream().filter(Axes::isFinite).toList();
    }

    /// Where the ISP first noticed or did something, through the whole drawing.
    private void firstMark() {
        outcome.marks().stream()
                .filter(this::isInside)
                .min(Comparator.comparingDouble(Mark::seconds).thenComparing(Mark::kind))
                .ifPresent(mark -> {
                    double x = x(mark.seconds());
                    add("<path class=\"first\" d=\"M%s %dV%d\"/>\n".formatted(at(x), TOP, FOOT));
                    boolean isLate = x > (LEFT + 2.0 * RIGHT) / 3;
                    add(
                            "<text class=\"note\" text-anchor=\"%s\" x=\"%s\" y=\"%d\">%s</text>\n"
                                    .formatted(
                                            isLate ? "end" : "start",
                                            at(isLate ? x - 5 : x + 5),
                                            TOP + 9,
                                            String.format(
                                                    Locale.ROOT,
                                                    "%s, %.1f s",
                                                    word(mark.kind()),
                                                    mark.seconds())));
                });
    }

    private boolean isInside(Mark mark) {
        return mark.seconds() >= 0 && mark.seconds() <= axes.seconds();
    }

    /// @param count of all that the marks stand for
    private void lane(Mark.Kind kind, int count, int top) {
        var bins = new TreeSet<Long>();
        for (Mark mark : outcome.marks()) {
            if (mark.kind() == kind && isInside(mark)) {
                bins.add(Math.round(x(mark.seconds()) / BIN));
            }
        }
        String muted = count == 0 ? "muted" : "";
        add(
                "<text class=\"%s\" text-anchor=\"end\" x=\"%d\" y=\"%d\">%s</text>\n"
                        .formatted(muted, LEFT - 8, top + 10, word(kind)));
        add(
                "<text class=\"%s\" text-anchor=\"start\" x=\"%d\" y=\"%d\">%d</text>\n"
                        .formatted(muted, RIGHT + 8, top + 10, count));
        add(
                "<path class=\"grid\" d=\"M%d %sH%d\"/>\n"
                        .formatted(LEFT, at(top + TICK / 2.0), RIGHT));
        bins.forEach(bin ->
                add(
                        "<path class=\"mark %s\" d=\"M%s %dv%d\"><title>%s, %s s</title></path>\n"
                                .formatted(
                                        word(kind),
                                        at(bin * BIN),
                                        top,
                                        TICK,
                                        word(kind),
                                        String.format(Locale.ROOT, "%.1f", seconds(bin * BIN)))));
    }

    private static String word(Mark.Kind kind) {
        return switch (kind) {
            case IDENTIFIED -> "identified";
            case RESET -> "reset";
            case THROTTLED -> "throttled";
        };
    }

    private double x(double seconds) {
        return LEFT + (RIGHT - LEFT) * seconds / axes.seconds();
    }

    private double seconds(double x) {
        return Math.max(0, (x - LEFT) / (RIGHT - LEFT) * axes.seconds());
    }

    private static double y(double value, double reach) {
        return BOTTOM - (BOTTOM - TOP) * value / reach;
    }

    /// @param kind of the line that it belongs to; empty if none
    private void label(String kind, String anchor, double x, double y, String text) {
        add(
                "<text class=\"%s\" text-anchor=\"%s\" x=\"%s\" y=\"%s\">%s</text>\n"
                        .formatted(kind, anchor, at(x), at(y), text));
    }

    private void add(String markup) {
        svg.append(markup);
    }
}
