package dev.thistle.cli;

import dev.thistle.lab.host.ResetFilter;
import dev.thistle.lab.outcome.Manifest;
import dev.thistle.lab.outcome.RoundOutcome;
import dev.thistle.lab.outcome.RoundTable;
import dev.thistle.lab.outcome.RunFolder;
import dev.thistle.lab.outcome.Summary;
import dev.thistle.lab.run.ScenarioRun;
import dev.thistle.lab.scenario.ClientPlan.DropResets;
import dev.thistle.lab.scenario.Round;
import dev.thistle.lab.scenario.Scenario;
import dev.thistle.net.linux.Machine;
import dev.thistle.net.linux.Machine.Namespaces;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// `thistle lab run`: plays a scenario, prints a line a round, leaves a folder of results.
final class LabRun {

    private static final DateTimeFormatter FOLDER_DATE =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT);

    private final Console console;

    LabRun(Console console) {
        this.console = console;
    }

    /// Plays the rounds of `scenario` and judges them.
    ///
    /// @param target where results go; a new or an empty folder
    /// @return 0 if every expectation was met
    int run(Scenario scenario, Optional<Path> target, boolean json)
            throws IOException, InterruptedException {
        Path path = target.orElseGet(() -> defaultFolder(scenario));
        RunFolder.requireFree(path);
        List<String> capabilities = require(scenario);
        try (var interruption =
                Interruption.of(console, () -> "interrupted: %s is not whole".formatted(path))) {
            try {
                return play(scenario, path, capabilities, json);
            } catch (IOException | RuntimeException e) {
                interruption.check();
                throw e;
            }
        }
    }

    private int play(Scenario scenario, Path path, List<String> capabilities, boolean json)
            throws IOException, InterruptedException {
        var started = Instant.now();
        try (RunFolder folder = RunFolder.create(path)) {
            var table = new Table(json);
            table.header(scenario);
            List<RoundOutcome> outcomes = new ScenarioRun(scenario, folder, table).play();
            var summary = new Summary(scenario, outcomes);
            folder.finish(
                    summary,
                    new Manifest(
                            Thistle.VERSION,
                            started,
                            scenario,
                            capabilities,
                            table.discarded,
                            table.doubted));
            if (json) {
                Json.print(console, summary.document());
            }
            return verdict(summary, path);
        }
    }

    private static Path defaultFolder(Scenario scenario) {
        String date = LocalDateTime.now(ZoneId.systemDefault()).format(FOLDER_DATE);
        return Path.of("lab-results", scenario.name() + "-" + date);
    }

    /// @return what the machine allowed, for the manifest
    /// @throws IOException if something is missing, saying what to do
    private static List<String> require(Scenario scenario) throws IOException {
        Machine machine = Machine.look();
        switch (machine.namespaces()) {
            case Namespaces.Allowed() -> {}
            case Namespaces.AllowedInside() ->
                    throw new IOException(
                            "network namespaces need root or a user namespace: start it with"
                                    + " ./thistle, which makes one, or with unshare -Urnm");
            case Namespaces.Refused(String reason) -> throw new IOException(reason);
        }
        if (!machine.programs().contains("ip")) {
            throw new IOException("the program ip is missing: install iproute2");
        }
        if (scenario.rounds().stream()
                .anyMatch(round -> round.client().dropResets() != DropResets.NOBODY)) {
            ResetFilter.check(machine);
        }
        return List.of("network namespaces", "packet sockets");
    }

    private int verdict(Summary summary, Path path) {
        long failed = summary.rounds().stream().filter(round -> !round.holds()).count();
        console.note("report: " + path.resolve("report.html"));
        if (failed == 0) {
            console.note("%d of %1$d rounds hold".formatted(summary.rounds().size()));
            return 0;
        }
        console.error(
                "%d of %d rounds did not meet what they state; the lines above say which and why"
                        .formatted(failed, summary.rounds().size()));
        return Thistle.FAILED;
    }

    /// Lines as rounds end. Beside a document for scripts they are notes.
    private final class Table implements ScenarioRun.Listener {

        private final boolean asNotes;
        private final List<String> discarded = new ArrayList<>();
        private final List<String> doubted = new ArrayList<>();

        Table(boolean asNotes) {
            this.asNotes = asNotes;
        }

        void header(Scenario scenario) {
            console.note("%s, seed %d".formatted(scenario.title(), scenario.seed()));
            line(RoundTable.header());
        }

        private void line(String line) {
            if (asNotes) {
                console.note(line);
            } else {
                console.say(line);
            }
        }

        @Override
        public void begins(Round round, String part) {
            if (console.isTerminal()) {
                console.err().printf("\r\u001b[K%s, ISP %s …", round.id(), part);
                console.err().flush();
            }
        }

        @Override
        public void discarded(RoundOutcome outcome) {
            discarded.add(outcome.round().id());
            clear();
            console.note(
                    "%s is measured again: the processors were busy (%.0f %%) and %s"
                            .formatted(
                                    outcome.round().id(),
                                    100 * outcome.cpuShare(),
                                    String.join("; ", outcome.failures())));
        }

        @Override
        public void doubted(RoundOutcome outcome) {
            doubted.add(outcome.round().id());
            clear();
            console.note(
                    "%s is played twice more, and has to hold both times: %s"
                            .formatted(
                                    outcome.round().id(), String.join("; ", outcome.failures())));
        }

        private void clear() {
            if (console.isTerminal()) {
                console.err().print("\r\u001b[K");
                console.err().flush();
            }
        }

        @Override
        public void ended(RoundOutcome outcome) {
            clear();
            line(RoundTable.line(outcome));
            outcome.failures().forEach(failure -> line("  " + failure));
            if (outcome.limitedByCpu()) {
                line("  the processors were busy: this machine may have set the pace");
            }
        }
    }
}
