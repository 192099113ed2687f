package dev.thistle.engine.pieces;

import dev.thistle.engine.settings.Priority;
import dev.thistle.engine.settings.Selection;
import dev.thistle.protocol.metainfo.FileEntry;
import dev.thistle.protocol.metainfo.Metainfo;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// What a [Selection] of files means for pieces.
public final class PiecePriorities {

    private static final byte UNTOUCHED = -1;

    private PiecePriorities() {}

    /// The priority level of each piece. A piece has that of the file it belongs to, and of several
    /// files the highest; padding asks for nothing.
    public static byte[] of(Metainfo metainfo, Selection selection) {
        var levels = new byte[metainfo.pieceCount()];
        Arrays.fill(levels, UNTOUCHED);
        List<FileEntry> files = metainfo.files();
        for (int i = 0; i < files.size(); i++) {
            FileEntry file = files.get(i);
            if (file.lengthBytes() > 0 && !file.padding()) {
                raise(levels, metainfo.pieceLengthBytes(), file, selection.ofFile(i).level());
            }
        }
        for (int piece = 0; piece < levels.length; piece++) {
            if (levels[piece] == UNTOUCHED) { // nothing but padding
                levels[piece] = (byte) selection.usual().level();
            }
        }
        for (Map.Entry<Integer, Priority> piece : selection.pieces().entrySet()) {
            if (piece.getKey() >= 0 && piece.getKey() < levels.length) {
                levels[piece.getKey()] = (byte) piece.getValue().level();
            }
        }
        return levels;
    }

    private static void raise(byte[] levels, int pieceBytes, FileEntry file, int level) {
        int first = (int) (file.position() / pieceBytes);
        int last = (int) ((file.position() + file.lengthBytes() - 1) / pieceBytes);
        for (int piece = first; piece <= last; piece++) {
            levels[piece] = (byte) Math.max(levels[piece], level);
        }
    }
}
