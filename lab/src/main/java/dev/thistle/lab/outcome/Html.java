package dev.thistle.lab.outcome;

import java.util.Locale;

/// Text and numbers as they may stand in a page.
final class Html {

    private Html() {}

    /// Nothing in the result is markup, neither between tags nor in a quoted attribute. Characters
    /// that pages must not contain are replaced.
    static String escape(String text) {
        var escaped = new StringBuilder(text.length() + 16);
        text.codePoints()
                .forEach(c -> {
                    switch (c) {
                        case '&' -> escaped.append("&amp;");
                        case '<' -> escaped.append("&lt;");
                        case '>' -> escaped.append("&gt;");
                        case '"' -> escaped.append("&quot;");
                        case '\'' -> escaped.append("&#39;");
                        default -> escaped.appendCodePoint(isPlain(c) ? c : 0xFFFD);
                    }
                });
        return escaped.toString();
    }

    private static boolean isPlain(int c) {
        int type = Character.getType(c);
        return type != Character.CONTROL
                && type != Character.FORMAT
                && type != Character.SURROGATE
                && type != Character.UNASSIGNED;
    }

    /// `-` for what is no number.
    static String number(String form, double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, form, value) : "–";
    }

    /// A place in a drawing: two decimals are finer than any screen.
    static String at(double place) {
        return String.format(Locale.ROOT, "%.2f", place).replaceFirst("\\.?0+$", "");
    }
}
