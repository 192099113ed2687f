package dev.thistle.lab.scenario;

import java.util.HashMap;
import java.util.Map;

/// On which line each key of a TOML document stands: the library that reads the values does not
/// keep that. Meant for documents whose syntax that library has accepted; of others it says
/// something, and ends.
///
/// A path is written `round[2].client`: table, index of the table of an array, key.
final class KeyLines {

    private final String text;
    private final Map<String, Integer> lines = new HashMap<>();
    private final Map<String, Integer> counts = new HashMap<>();
    private int at;
    private int line = 1;
    private int repeated;

    private KeyLines(String text) {
        this.text = text;
    }

    static KeyLines of(String toml) {
        var lines = new KeyLines(toml);
        lines.document();
        return lines;
    }

    /// The line of a key, counted from 1; of the nearest table around it if it is absent.
    int line(String path) {
        String known = path;
        while (!lines.containsKey(known) && !known.isEmpty()) {
            known = known.substring(0, Math.max(0, known.lastIndexOf('.')));
        }
        return lines.getOrDefault(known, 1);
    }

    /// The line of the first key that was given before in the same table; 0 if there is none.
    int repeated() {
        return repeated;
    }

    private void document() {
        String table = "";
        for (skipBlank(); at < text.length(); skipBlank()) {
            if (skip("[[")) {
                table = arrayHeader();
            } else if (skip("[")) {
                table = header();
            } else {
                pair(table);
            }
        }
    }

    private String header() {
        String table = key("");
        skip("]");
        return table;
    }

    private String arrayHeader() {
        int begins = line;
        String array = key("");
        skip("]]");
        int index = counts.merge(array, 1, Integer::sum) - 1;
        String table = "%s[%d]".formatted(array, index);
        lines.put(table, begins);
        return table;
    }

    private void pair(String table) {
        int known = lines.size();
        int begins = line;
        String path = key(table);
        if (lines.size() == known && repeated == 0) {
            repeated = begins;
        }
        skip("=");
        value(path);
    }

    /// A dotted key. Every table it names on the way gets this line, if it has none yet.
    private String key(String table) {
        String path = table;
        do {
            skipSpace();
            path = path.isEmpty() ? keyPart() : path + "." + keyPart();
            lines.putIfAbsent(path, line);
            Integer count = counts.get(path);
            skipSpace();
            if (count != null && peek() == '.') {
                path = "%s[%d]".formatted(path, count - 1);
            }
        } while (skip("."));
        return path;
    }

    private String keyPart() {
        int from = at;
        if (peek() == '"' || peek() == '\'') {
            string();
            return text.substring(Math.min(from + 1, at), Math.max(from + 1, at - 1));
        }
        while (at < text.length()
                && (Character.isLetterOrDigit(peek()) || "-_".indexOf(peek()) >= 0)) {
            at++;
        }
        if (from == at) {
            at++; // never stands still
        }
        return text.substring(from, Math.min(at, text.length()));
    }

    private void value(String path) {
        skipSpace();
        switch (peek()) {
            case '"', '\'' -> string();
            case '[' -> array(path);
            case '{' -> inlineTable(path);
            default -> bare();
        }
    }

    private void array(String path) {
        skip("[");
        skipBlank();
        for (int i = 0; at < text.length() && !skip("]"); i++) {
            String element = "%s[%d]".formatted(path, i);
            lines.put(element, line);
            value(element);
            skipBlank();
            skip(",");
            skipBlank();
        }
    }

    private void inlineTable(String path) {
        skip("{");
        skipBlank();
        while (at < text.length() && !skip("}")) {
            pair(path);
            skipBlank();
            skip(",");
            skipBlank();
        }
    }

    private void bare() {
        int from = at;
        while (at < text.length() && ",]}#\n".indexOf(peek()) < 0) {
            at++;
        }
        if (from == at && at < text.length()) {
            step();
        }
    }

    private void string() {
        String quote = String.valueOf(peek());
        String end = text.startsWith(quote.repeat(3), at) ? quote.repeat(3) : quote;
        at += end.length();
        while (at < text.length() && !text.startsWith(end, at)) {
            if (peek() == '\\' && quote.equals("\"")) {
                step();
            }
            step();
        }
        at = Math.min(text.length(), at + end.length());
        while (end.length() == 3 && peek() == quote.charAt(0)) {
            at++; // a string of three quotes may end with two more of its own
        }
    }

    private char peek() {
        return at < text.length() ? text.charAt(at) : '\n';
    }

    private void step() {
        if (peek() == '\n') {
            line++;
        }
        at++;
    }

    private boolean skip(String expected) {
        skipSpace();
        boolean found = text.startsWith(expected, at);
        at += found ? expected.length() : 0;
        return found;
    }

    private void skipSpace() {
        while (at < text.length() && (peek() == ' ' || peek() == '\t')) {
            at++;
        }
    }

    /// Spaces, line ends and comments.
    private void skipBlank() {
        while (at < text.length() && (Character.isWhitespace(peek()) || peek() == '#')) {
            if (peek() == '#') {
                int end = text.indexOf('\n', at);
                at = end < 0 ? text.length() : end;
            } else {
                step();
            }
        }
    }
}
