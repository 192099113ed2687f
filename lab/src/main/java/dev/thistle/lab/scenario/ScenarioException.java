package dev.thistle.lab.scenario;

import java.io.IOException;

/// A scenario file cannot be used. The message is one line: file, line, key, what was found and
/// what is allowed.
public final class ScenarioException extends IOException {

    private static final long serialVersionUID = 1;

    ScenarioException(String message) {
        super(message);
    }

    /// @param where file and line, such as `mine.toml:12`
    /// @param key as it is written in the file, with the tables it stands in
    ScenarioException(String where, String key, String found, String allowed) {
        super("%s: %s: %s, allowed %s".formatted(where, key, found, allowed));
    }
}
