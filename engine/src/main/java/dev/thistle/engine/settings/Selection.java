package dev.thistle.engine.settings;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// Which parts of a torrent are wanted, how much, and in which order. Files and pieces are numbered
/// as they stand in the torrent; numbers that it does not have are ignored, since the selection of
/// a magnet is made before anybody knows the files.
///
/// A piece that several files share has the highest of their priorities, so the edges of files that
/// are skipped come along with their neighbours.
///
/// @param usual of all files that are not named
/// @param files by number
/// @param pieces by number; these override what the files say
/// @param sequential whether pieces are asked for in the order of the torrent in place of rarest
///   first; priorities come before it
public record Selection(
        Priority usual,
        Map<Integer, Priority> files,
        Map<Integer, Priority> pieces,
        boolean sequential) {

    /// Everything, rarest first.
    public static final Selection ALL = new Selection(Priority.NORMAL, Map.of(), Map.of(), false);

    public Selection {
        files = Map.copyOf(files);
        pieces = Map.copyOf(pieces);
    }

    /// These files and no others.
    public static Selection only(Set<Integer> files) {
        var wanted = new HashMap<Integer, Priority>();
        files.forEach(file -> wanted.put(file, Priority.NORMAL));
        return new Selection(Priority.SKIP, wanted, Map.of(), false);
    }

    /// Whether everything is wanted alike, in whatever order.
    public boolean isOfAll() {
        return withSequential(false).equals(ALL);
    }

    public Selection withFile(int file, Priority priority) {
        return new Selection(usual, with(files, file, priority), pieces, sequential);
    }

    public Selection withPiece(int piece, Priority priority) {
        return new Selection(usual, files, with(pieces, piece, priority), sequential);
    }

    public Selection withSequential(boolean inOrder) {
        return new Selection(usual, files, pieces, inOrder);
    }

    public Priority ofFile(int file) {
        return files.getOrDefault(file, usual);
    }

    private static Map<Integer, Priority> with(
            Map<Integer, Priority> map, int number, Priority priority) {
        var changed = new HashMap<>(map);
        changed.put(number, priority);
        return changed;
    }
}
