package dev.thistle.protocol.metainfo;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Turns one path element that a stranger chose into a file name for every platform at once, so
/// that a download can be moved from a Linux disk to a Windows one. Pure text, nothing is looked
/// up.
///
/// | found | becomes |
/// | --- | --- |
/// | `/` `\`, marks that are invisible or turn the direction of text | nothing |
/// | controls, what was not UTF-8, unassigned code points, `? < > " \| * :` | `_` |
/// | dots and spaces at the end (Windows drops them) | nothing |
/// | `.` and `..`, also when only removals made them so | the element is dropped |
/// | nothing left | `_` |
/// | device names of Windows, with any extension | `_` in front |
/// | more than [#MAX_BYTES] | cut between code points; a short extension stays |
public final class SafeName {

    /// Disks take 255 bytes (Linux) or UTF-16 units (others); the rest is room for the suffix that
    /// keeps two names apart.
    public static final int MAX_BYTES = 240;

    /// With its dot. A longer "extension" is part of a sentence.
    private static final int MAX_EXTENSION_BYTES = 10;

    /// What stands for anything that cannot stand for itself.
    static final String FILLER = "_";

    /// Opening one of these on Windows talks to a device, whatever the folder and the extension.
    /// The raised digits count as digits there.
    private static final Set<String> DEVICES =
            Set.of("con", "prn", "aux", "nul", "clock$", "conin$", "conout$");

    private SafeName() {}

    /// The name for `element`; empty if it is one of the dots that only mean a folder. Never holds
    /// a separator, a drive letter's colon or a control, and is at most [#MAX_BYTES] in UTF-8.
    public static Optional<String> of(String element) {
        var kept = new StringBuilder(element.length());
        element.codePoints()
                .filter(c -> !isRemoved(c))
                .map(c -> isReplaced(c) ? '_' : c)
                .forEach(kept::appendCodePoint);
        String text = kept.toString();
        if (text.equals(".") || text.equals("..")) {
            return Optional.empty();
        }
        String name = withoutTail(cut(withoutTail(text)));
        return Optional.of(isDevice(name) ? cut(FILLER + name) : name.isEmpty() ? FILLER : name);
    }

    /// Where the extension of `name` begins, at its dot; the end of `name` if it has none.
    static int extensionStart(String name) {
        int dot = name.lastIndexOf('.');
        return dot > 0 && utf8Bytes(name.substring(dot)) <= MAX_EXTENSION_BYTES
                ? dot
                : name.length();
    }

    static int utf8Bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static boolean isRemoved(int c) {
        return c == '/'
                || c == '\\'
                || c == 0x061C // Arabic letter mark
                || (c >= 0x200B && c <= 0x200F) // zero widths, left-to-right and right-to-left
                || (c >= 0x202A && c <= 0x202E) // embeddings and overrides
                || (c >= 0x2060 && c <= 0x206F) // joiner, invisible operators, isolates
                || c == 0xFEFF; // byte order mark
    }

    private static boolean isReplaced(int c) {
        return c == 0xFFFD
                || "?<>\"|*:".indexOf(c) >= 0
                || switch (Character.getType(c)) {
                    case Character.CONTROL,
                            Character.SURROGATE,
                            Character.UNASSIGNED,
                            Character.LINE_SEPARATOR,
                            Character.PARAGRAPH_SEPARATOR ->
                            true;
                    default -> false;
                };
    }

    private static String withoutTail(String name) {
        int end = name.length();
        while (end > 0 && (name.charAt(end - 1) == '.' || name.charAt(end - 1) == ' ')) {
            end--;
        }
        return name.substring(0, end);
    }

    private static String cut(String name) {
        if (utf8Bytes(name) <= MAX_BYTES) {
            return name;
        }
        String extension = name.substring(extensionStart(name));
        int room = MAX_BYTES - utf8Bytes(extension);
        int end = 0;
        for (int bytes = 0; end < name.length(); ) {
            int c = name.codePointAt(end);
            bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
            if (bytes > room) {
                break;
            }
            end += Character.charCount(c);
        }
        return name.substring(0, end) + extension;
    }

    private static boolean isDevice(String name) {
        int dot = name.indexOf('.');
        String stem = withoutTail(dot < 0 ? name : name.substring(0, dot)).toLowerCase(Locale.ROOT);
        return DEVICES.contains(stem) || stem.matches("(com|lpt)[0-9¹²³]");
    }
}
