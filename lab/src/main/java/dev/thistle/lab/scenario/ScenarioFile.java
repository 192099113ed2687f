package dev.thistle.lab.scenario;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.toml.TomlMapper;

/// Reads scenarios from TOML, strictly: a key nobody knows is a mistake, not a comment. The
/// scenario `isp-vs-bittorrent` that comes with the program shows every table there is.
public final class ScenarioFile {

    /// Several times the largest scenario that the other limits allow.
    public static final int MAX_BYTES = 1 << 20;

    private ScenarioFile() {}

    /// Reads a file.
    ///
    /// @throws ScenarioException naming file, line, key, what was found and what is allowed
    /// @throws IOException if it cannot be read at all
    public static Scenario read(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new ScenarioException("%s is a folder, allowed a scenario file".formatted(file));
        }
        try (InputStream in = Files.newInputStream(file)) {
            return read(file.toString(), in);
        }
    }

    /// @param name of the file, for messages
    static Scenario read(String name, InputStream in) throws IOException {
        byte[] bytes = in.readNBytes(MAX_BYTES + 1);
        if (bytes.length > MAX_BYTES) {
            throw new ScenarioException(
                    "%s: larger than the %d bytes allowed for a scenario"
                            .formatted(name, MAX_BYTES));
        }
        return parse(name, decode(name, bytes));
    }

    private static String decode(String name, byte[] bytes) throws ScenarioException {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException notText) {
            throw new ScenarioException(
                    "%s: not a text file, allowed TOML in UTF-8".formatted(name));
        }
    }

    /// Reads a document that is already in memory.
    ///
    /// @param name of the file, for messages
    static Scenario parse(String name, String toml) throws ScenarioException {
        JsonNode root;
        try {
            root = new TomlMapper().readTree(toml);
        } catch (JacksonException syntax) {
            throw new ScenarioException(
                    "%s:%d: not TOML: %s".formatted(name, line(syntax, toml), reason(syntax)));
        }
        return new ScenarioReader(TomlTable.root(name, KeyLines.of(toml), root)).read();
    }

    /// A key that comes twice is noticed only where the next line begins.
    private static int line(JacksonException syntax, String toml) {
        TokenStreamLocation location = syntax.getLocation();
        int line = location == null ? 1 : Math.max(1, location.getLineNr());
        if (!reason(syntax).startsWith("Duplicate key")) {
            return line;
        }
        String read = toml.lines().limit(line).collect(Collectors.joining("\n"));
        int repeated = KeyLines.of(read).repeated();
        return repeated == 0 ? line : repeated;
    }

    private static String reason(JacksonException syntax) {
        return syntax.getOriginalMessage().lines().findFirst().orElse("no reason given");
    }
}
