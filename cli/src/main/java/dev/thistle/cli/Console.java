package dev.thistle.cli;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What people and scripts see: results on stdout, everything else on stderr. Names of torrents and
/// answers of trackers come from strangers, so every line is made [#printable] on its way out.
///
/// @param columns how wide the terminal behind stderr is; 0 if there is none
record Console(PrintStream out, PrintStream err, int columns) {

    boolean isTerminal() {
        return columns > 0;
    }

    /// What a terminal obeys instead of showing it, what turns the direction of text, and what is
    /// no character at all.
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");

    /// A line of the result.
    void say(String line) {
        out.println(printable(line));
    }

    /// A line about what goes on.
    void note(String line) {
        err.println(printable(line));
    }

    /// What failed. One line.
    void error(String message) {
        note("thistle: " + message);
    }

    /// What to do next.
    void hint(String message) {
        note("thistle: " + message);
    }

    /// A document for scripts: always UTF-8, whatever the terminal speaks. Only what stands inside
    /// a JSON string can be unprintable beside line ends, so it may be written as an escape.
    void document(String json) {
        String safe =
                json.lines()
                        .map(line ->
                                UNPRINTABLE
                                        .matcher(line)
                                        .replaceAll(found -> escape(found.group())))
                        .collect(Collectors.joining("\n", "", "\n"));
        byte[] bytes = safe.getBytes(StandardCharsets.UTF_8);
        out.write(bytes, 0, bytes.length);
        out.flush();
    }

    private static String escape(String found) {
        var escaped = new StringBuilder();
        found.chars().forEach(unit -> escaped.append("\\\\u%04x".formatted(unit)));
        return escaped.toString();
    }

    /// Our own bug: the trace helps whoever reports it, and nobody else.
    void unexpected(Throwable bug) {
        if (System.getenv("THISTLE_TRACE") == null) {
            hint("this is a bug; run again with THISTLE_TRACE=1 and report what it prints");
        } else {
            bug.printStackTrace(err);
        }
    }

    /// The text with nothing in it that a terminal would obey.
    static String printable(String text) {
        return UNPRINTABLE.matcher(text).replaceAll("\uFFFD");
    }

    /// `1 peer`, `2 peers`.
    static String count(long count, String one) {
        return count == 1 ? "1 " + one : "%d %ss".formatted(count, one);
    }

    /// `1.5 MiB`.
    static String bytes(long bytes) {
        return bytes((double) bytes);
    }

    private static String bytes(double bytes) {
        String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
        int unit = 0;
        while (bytes >= 1024 && unit < units.length - 1) {
            bytes /= 1024;
            unit++;
        }
        return unit == 0
                ? String.format(Locale.ROOT, "%.0f B", bytes)
                : String.format(Locale.ROOT, "%.1f %s", bytes, units[unit]);
    }
}
