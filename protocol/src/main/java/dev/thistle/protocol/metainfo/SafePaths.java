package dev.thistle.protocol.metainfo;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/// Gives every file of a torrent a relative path that stays below the folder it is resolved
/// against, on every platform. Pure text: what already lies on the disk is the caller's to check,
/// symbolic links in particular.
///
/// Each element is a [SafeName]. Then paths must not meet. Two are taken to be the same where some
/// disk thinks so: whatever their case and whichever way their accents are composed. Folders may
/// meet, they merge. A file that meets another file, or a folder, becomes `name.1.ext`,
/// `name.2.ext` and so on. First comes who has a name for the first time, so that `a.1.txt` of the
/// torrent is not pushed aside by its second `a.txt`. The outcome depends on the torrent alone.
public final class SafePaths {

    /// Linux refuses paths over 4 096 bytes; a quarter is left for the folder we resolve against.
    /// Folders at the end of a longer path are left out, the file's own name never.
    public static final int MAX_PATH_BYTES = 4_096 - 1_024;

    /// A dot and as many digits as [MetainfoReader#MAX_FILES] has.
    private static final int MAX_SUFFIX_BYTES = 8;

    private static final int ROOT = 0;

    /// A name in a folder, as the least discerning disk sees it. Folders are numbered, because a
    /// path of a thousand elements has a thousand parents and texts for all would fill the memory.
    private record Place(int folder, String folded) {}

    private final List<List<String>> paths = new ArrayList<>();
    private final int[] folderOf;
    private final Map<Place, Integer> folders = new HashMap<>();
    private final Set<Place> files = new HashSet<>();
    private final Map<Place, Integer> lastSuffix = new HashMap<>();

    private SafePaths(List<List<String>> raw) {
        folderOf = new int[raw.size()];
        for (int file = 0; file < raw.size(); file++) {
            List<String> path = path(raw.get(file));
            paths.add(path);
            int folder = ROOT;
            for (String element : path.subList(0, path.size() - 1)) {
                folder = folders.computeIfAbsent(place(folder, element), _ -> folders.size() + 1);
            }
            folderOf[file] = folder;
        }
    }

    /// One path for each of `torrent.files()`, in their order; those of a folder begin with its
    /// name. Padding has one too, though nothing should be stored there, and is the last to choose.
    public static List<List<String>> of(Metainfo torrent) {
        List<FileEntry> entries = torrent.files();
        var safe =
                new SafePaths(
                        entries.stream()
                                .map(entry ->
                                        torrent.isSingleFile()
                                                ? entry.path()
                                                : below(torrent.name(), entry.path()))
                                .toList());
        safe.settle(file -> !entries.get(file).padding());
        safe.settle(file -> entries.get(file).padding());
        return List.copyOf(safe.paths);
    }

    /// One path for each of `paths`, in their order. Any text is taken, even none.
    public static List<List<String>> of(List<List<String>> paths) {
        var safe = new SafePaths(paths);
        safe.settle(_ -> true);
        return List.copyOf(safe.paths);
    }

    private static List<String> below(String folder, List<String> path) {
        List<String> whole = new ArrayList<>(path.size() + 1);
        whole.add(folder);
        whole.addAll(path);
        return whole;
    }

    /// The elements made safe and few enough: at least one.
    private static List<String> path(List<String> raw) {
        String name =
                raw.isEmpty()
                        ? SafeName.FILLER
                        : SafeName.of(raw.getLast()).orElse(SafeName.FILLER);
        List<String> path = new ArrayList<>();
        int room = MAX_PATH_BYTES - MAX_SUFFIX_BYTES - SafeName.utf8Bytes(name);
        for (int i = 0; i < raw.size() - 1; i++) {
            Optional<String> folder = SafeName.of(raw.get(i));
            if (folder.isPresent()) {
                room -= SafeName.utf8Bytes(folder.get()) + 1; // and a separator
                if (room < 0) {
                    break;
                }
                path.add(folder.get());
            }
        }
        path.add(name);
        return List.copyOf(path);
    }

    /// Gives the files of `which` their places: first who comes first to a name, then the others.
    private void settle(IntPredicate which) {
        int[] late =
                IntStream.range(0, paths.size())
                        .filter(which)
                        .filter(file -> !take(place(folderOf[file], paths.get(file).getLast())))
                        .toArray();
        for (int file : late) {
            List<String> path = new ArrayList<>(paths.get(file));
            path.add(freeName(folderOf[file], path.removeLast()));
            paths.set(file, List.copyOf(path));
        }
    }

    /// Goes on counting where the last file of this name stopped, or a torrent of one name a
    /// million times would count a million times a million.
    private String freeName(int folder, String name) {
        int dot = SafeName.extensionStart(name);
        Place wanted = place(folder, name);
        while (true) {
            int suffix = lastSuffix.merge(wanted, 1, Integer::sum);
            String candidate = name.substring(0, dot) + "." + suffix + name.substring(dot);
            if (take(place(folder, candidate))) {
                return candidate;
            }
        }
    }

    private boolean take(Place place) {
        return !folders.containsKey(place) && files.add(place);
    }

    private static Place place(int folder, String name) {
        // upper case first: it joins what lower case alone keeps apart, such as the two small
        // sigmas
        String decomposed = Normalizer.normalize(name, Normalizer.Form.NFD);
        String folded = decomposed.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
        return new Place(folder, Normalizer.normalize(folded, Normalizer.Form.NFD));
    }
}
