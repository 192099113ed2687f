package dev.thistle.lab.run;

import dev.thistle.isp.box.BoxEvent;
import dev.thistle.lab.outcome.RoundOutcome.Mark;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the ISP did in a trial, for a chart: events of a kind that fall into the same tenth of a
/// second make one mark.
final class Marks {

    private static final double TOGETHER_SECONDS = 0.1;

    private record Open(double seconds, String first, int count) {

        Mark mark(Mark.Kind kind) {
            String what = count == 1 ? first : "%s, and %d more".formatted(first, count - 1);
            return new Mark(seconds, kind, what);
        }
    }

    private Marks() {}

    static List<Mark> of(TrialRecord trial) {
        var marks = new ArrayList<Mark>();
        Map<Mark.Kind, Open> open = new EnumMap<>(Mark.Kind.class);
        for (BoxEvent event : trial.box().events()) {
            Optional<Mark.Kind> kind = kind(event);
            if (kind.isEmpty()) {
                continue;
            }
            double seconds = trial.seconds(event.nanos());
            Open last = open.get(kind.get());
            if (last != null && seconds - last.seconds < TOGETHER_SECONDS) {
                open.put(kind.get(), new Open(last.seconds, last.first, last.count + 1));
            } else {
                if (last != null) {
                    marks.add(last.mark(kind.get()));
                }
                open.put(kind.get(), new Open(seconds, words(event), 1));
            }
        }
        open.forEach((kind, last) -> marks.add(last.mark(kind)));
        marks.sort((one, other) -> Double.compare(one.seconds(), other.seconds()));
        return marks;
    }

    /// Nothing for what charts do not show.
    private static Optional<Mark.Kind> kind(BoxEvent event) {
        return switch (event) {
            case BoxEvent.Identified _ -> Optional.of(Mark.Kind.IDENTIFIED);
            case BoxEvent.ResetForged _ -> Optional.of(Mark.Kind.RESET);
            case BoxEvent.Throttled _ -> Optional.of(Mark.Kind.THROTTLED);
            case BoxEvent.Dropped _ -> Optional.empty();
        };
    }

    private static String words(BoxEvent event) {
        return switch (event) {
            case BoxEvent.Identified(var verdict) ->
                    "%s: %s".formatted(verdict.detector(), verdict.evidence());
            case BoxEvent.ResetForged reset -> "reset towards " + reset.towards();
            case BoxEvent.Throttled throttled -> "throttled " + throttled.flow();
            case BoxEvent.Dropped dropped -> "dropped " + dropped.flow();
        };
    }
}
