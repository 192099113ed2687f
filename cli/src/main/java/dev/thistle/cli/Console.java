package dev.thistle.cli;

import java.io.PrintStream;
import java.util.Locale;

/// What people and scripts see: results on stdout, everything else on stderr.
record Console(PrintStream out, PrintStream err, boolean isTerminal) {

    /// A line of the result.
    void say(String line) {
        out.println(line);
    }

    /// A line about what goes on.
    void note(String line) {
        err.println(line);
    }

    /// What failed. One line.
    void error(String message) {
        err.println("thistle: " + message);
    }

    /// What to do next.
    void hint(String message) {
        err.println("thistle: " + message);
    }

    /// Our own bug: the trace helps whoever reports it, and nobody else.
    void unexpected(Throwable bug) {
        if (System.getenv("THISTLE_TRACE") == null) {
            hint("this is a bug; run again with THISTLE_TRACE=1 and report what it prints");
        } else {
            bug.printStackTrace(err);
        }
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
