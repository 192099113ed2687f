package dev.thistle.protocol.metainfo;

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
}
