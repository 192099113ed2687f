package dev.thistle.tracker.policy;

import static dev.thistle.protocol.MalformedException.Rule.BAD_VALUE;
import static dev.thistle.protocol.MalformedException.Rule.TOO_LARGE;

import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.MalformedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/// Reads a file of torrents: an info-hash of forty hex digits a line; `#` begins a comment; empty
/// lines are welcome.
public final class TorrentList {

    /// Ten times the largest public tracker; about 1.5 GB of memory.
    public static final int MAX_TORRENTS = 10_000_000;

    private TorrentList() {}

    /// Reads all of `file`.
    ///
    /// @throws MalformedException naming file and line
    /// @throws IOException if the file cannot be read
    public static Set<InfoHash> read(Path file) throws IOException {
        var torrents = new HashSet<InfoHash>();
        // One char a byte, so that a file in any encoding can be told which line is wrong.
        try (var lines = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
            int number = 0;
            for (String line; (line = lines.readLine()) != null; ) {
                number++;
                int comment = line.indexOf('#');
                String text = (comment < 0 ? line : line.substring(0, comment)).strip();
                if (text.isEmpty()) {
                    continue;
                }
                if (!isHash(text)) {
                    throw new MalformedException(
                            BAD_VALUE,
                            "%s, line %d".formatted(file, number),
                            "%d characters, allowed an info-hash of 40 hex digits"
                                    .formatted(text.length()));
                }
                torrents.add(InfoHash.ofHex(text));
                if (torrents.size() > MAX_TORRENTS) {
                    throw new MalformedException(
                            TOO_LARGE,
                            "%s, line %d".formatted(file, number),
                            "more than the %d torrents allowed".formatted(MAX_TORRENTS));
                }
            }
        }
        return Set.copyOf(torrents);
    }

    private static boolean isHash(String text) {
        return text.length() == 2 * InfoHash.BYTES
                && text.chars().allMatch(each -> each < 128 && Character.digit(each, 16) >= 0);
    }
}
