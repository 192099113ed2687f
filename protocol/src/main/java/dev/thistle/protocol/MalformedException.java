package dev.thistle.protocol;

import java.io.IOException;

/// Bytes from outside broke a protocol rule. The message says which field, where and why, so that
/// one line is enough to find the sender's bug.
///
///     request.length at byte 9: 131073, allowed 1..131072 bytes (TOO_LARGE)
///
/// A detail may quote the sender, so whatever could end the line, steer a terminal or turn the
/// direction of the text is shown as `?`.
///
/// Checked on purpose: every caller must choose what the sender's mistake costs it.
public final class MalformedException extends IOException {

    /// What kind of rule was broken.
    public enum Rule {
        /// The input ends before the value does.
        TRUNCATED,
        /// A length, count, depth or number is above its limit.
        TOO_LARGE,
        /// The value is there and of a legal size, but not one of the allowed ones.
        BAD_VALUE
    }

    private final Rule rule;

    /// Says what was broken where.
    ///
    /// @param where dotted field path, such as `request.length`
    /// @param offset bytes from the start of the message
    /// @param detail what was found and what was allowed
    public MalformedException(Rule rule, String where, long offset, String detail) {
        super(oneLine("%s at byte %d: %s (%s)".formatted(where, offset, detail, rule)));
        this.rule = rule;
    }

    /// For values that have no useful offset, such as a key of a dictionary.
    ///
    /// @param where dotted field path, such as `info.piece length`
    /// @param detail what was found and what was allowed
    public MalformedException(Rule rule, String where, String detail) {
        super(oneLine("%s: %s (%s)".formatted(where, detail, rule)));
        this.rule = rule;
    }

    public Rule rule() {
        return rule;
    }

    private static String oneLine(String text) {
        var line = new StringBuilder(text.length());
        text.codePoints().map(c -> isVisible(c) ? c : '?').forEach(line::appendCodePoint);
        return line.toString();
    }

    private static boolean isVisible(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED ->
                    false;
            default -> true;
        };
    }
}
