package dev.thistle.cli;

import dev.thistle.lab.scenario.BuiltInScenarios;
import dev.thistle.lab.scenario.Scenario;
import dev.thistle.lab.scenario.ScenarioFile;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

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
}
