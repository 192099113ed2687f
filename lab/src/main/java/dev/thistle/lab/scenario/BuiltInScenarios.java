package dev.thistle.lab.scenario;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/// The scenarios that come with the program.
public final class BuiltInScenarios {

    /// As `thistle lab` knows them.
    public static final List<String> NAMES = List.of("isp-vs-bittorrent");

    private BuiltInScenarios() {}

    /// Reads one of them.
    ///
    /// @param name one of [#NAMES]
    /// @throws IllegalArgumentException for any other name
    public static Scenario read(String name) throws IOException {
        if (!NAMES.contains(name)) {
            throw new IllegalArgumentException(
                    "'%s', allowed %s".formatted(name, String.join(" ", NAMES)));
        }
        String resource = name + ".toml";
        try (InputStream in = BuiltInScenarios.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException(resource + " is not in the program");
            }
            return ScenarioFile.read(resource, in);
        }
    }
}
