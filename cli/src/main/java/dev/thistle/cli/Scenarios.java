package dev.thistle.cli;

import dev.thistle.lab.scenario.BuiltInScenarios;
import dev.thistle.lab.scenario.Round;
import dev.thistle.lab.scenario.Scenario;
import dev.thistle.lab.scenario.ScenarioFile;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Finds the scenario that somebody means.
final class Scenarios {

    private Scenarios() {}

    /// @param what the name of one that comes with the program, or a file
    /// @throws IOException that says what is wrong with it
    static Scenario read(String what) throws IOException {
        if (BuiltInScenarios.NAMES.contains(what)) {
            return BuiltInScenarios.read(what);
        }
        try {
            return ScenarioFile.read(Path.of(what));
        } catch (NoSuchFileException absent) {
            throw new IOException(
                    "'%s': no such scenario or file, allowed %s or a TOML file"
                            .formatted(what, String.join(", ", BuiltInScenarios.NAMES)),
                    absent);
        }
    }

    /// What is wanted of a scenario.
    ///
    /// @param seed instead of its own
    /// @param rounds only these; null for all
    /// @throws UsageException if it has no such round, with a list of what it has
    static Scenario wanted(
            Scenario scenario, boolean quick, Optional<Long> seed, @Nullable List<String> rounds)
            throws UsageException {
        Scenario wanted = quick ? scenario.quick() : scenario;
        if (seed.isPresent()) {
            if (seed.get() < 0) {
                throw new UsageException("--seed %d, allowed 0 and more".formatted(seed.get()));
            }
            wanted = wanted.withSeed(seed.get());
        }
        if (rounds == null) {
            return wanted;
        }
        List<String> there = wanted.rounds().stream().map(Round::id).toList();
        for (String round : rounds) {
            if (!there.contains(round)) {
                throw new UsageException(
                        "--round '%s', allowed %s".formatted(round, String.join(" ", there)));
            }
        }
        return wanted.only(rounds);
    }
}
