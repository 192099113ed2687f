package dev.thistle.protocol.tracker;

import java.nio.charset.StandardCharsets;

/// What trackers write for people: shown as one line, not endless, without control characters.
/// Stateless.
public final class TrackerText {

    /// What a person will read of a message.
    private static final int MAX_LINE_CHARS = 300;

    private TrackerText() {}

    /// The text as a person may see it.
    ///
    /// @param text UTF-8; what is none becomes a replacement character
    /// @return empty if there is nothing to read
    public static String line(byte[] text) {
        String line =
                new String(text, StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}+", " ").strip();
        return line.substring(0, Math.min(line.length(), MAX_LINE_CHARS));
    }
}
