package dev.thistle.protocol.metainfo;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/// What `attr` says of a file (BEP 47). Letters we do not know are ignored.
public enum FileAttribute {
    /// `p`: zeros that align the next file to a piece.
    PADDING('p'),
    /// `x`: a program.
    EXECUTABLE('x'),
    /// `h`: not shown in listings.
    HIDDEN('h'),
    /// `l`: a symbolic link to another file of the torrent.
    LINK('l');

    /// Those of files that have a content of their own.
    static final Set<FileAttribute> OF_CONTENT =
            Collections.unmodifiableSet(EnumSet.of(EXECUTABLE, HIDDEN));

    private final char letter;

    FileAttribute(char letter) {
        this.letter = letter;
    }

    static Set<FileAttribute> of(String letters) {
        var attributes = EnumSet.noneOf(FileAttribute.class);
        for (FileAttribute attribute : values()) {
            if (letters.indexOf(attribute.letter) >= 0) {
                attributes.add(attribute);
            }
        }
        return attributes;
    }

    static String letters(Set<FileAttribute> attributes) {
        var letters = new StringBuilder();
        for (FileAttribute attribute : values()) {
            if (attributes.contains(attribute)) {
                letters.append(attribute.letter);
            }
        }
        return letters.toString();
    }
}
