package dev.thistle.cli;

import dev.thistle.engine.settings.Selection;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.metainfo.SafePaths;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.PatternSyntaxException;

/// Which files of a torrent `--select` means. A pattern with a slash is held against the file's
/// path below the torrent's folder, one without against its name alone; `*`, `?`, `[…]` and `{…}`
/// stand for what they do in a shell, and `**` for any number of folders.
///
/// @param patterns empty for everything, or what a magnet link chooses
/// @param sequential whether pieces come in the torrent's order
record FileSelection(List<String> patterns, boolean sequential) {

    /// Files named in an error: enough to see what they are called.
    private static final int MAX_NAMED = 5;

    /// @param usual without patterns
    /// @throws IOException if a pattern is none, or fits no file
    Selection of(Metainfo metainfo, Selection usual) throws IOException {
        if (patterns.isEmpty()) {
            return usual.withSequential(sequential);
        }
        Set<Integer> files = new TreeSet<>();
        for (String pattern : patterns) {
            Set<Integer> fitting = fitting(metainfo, pattern);
            if (fitting.isEmpty()) {
                throw new IOException(
                        "--select %s fits none of %s"
                                .formatted(pattern, Console.printable(names(metainfo))));
            }
            files.addAll(fitting);
        }
        return Selection.only(files).withSequential(sequential);
    }

    private static Set<Integer> fitting(Metainfo metainfo, String pattern) throws IOException {
        FileSystem system = FileSystems.getDefault();
        PathMatcher matcher;
        try {
            matcher = system.getPathMatcher("glob:" + pattern);
        } catch (PatternSyntaxException broken) {
            throw new IOException(
                    "--select %s: %s".formatted(pattern, broken.getDescription()), broken);
        }
        Set<Integer> fitting = new TreeSet<>();
        List<List<String>> paths = SafePaths.of(metainfo);
        for (int i = 0; i < paths.size(); i++) {
            if (!metainfo.files().get(i).padding()
                    && matcher.matches(compared(metainfo, paths.get(i), pattern))) {
                fitting.add(i);
            }
        }
        return fitting;
    }

    /// The first element of a path is the torrent's folder.
    private static Path compared(Metainfo metainfo, List<String> path, String pattern) {
        boolean whole = pattern.contains("/") && !metainfo.isSingleFile();
        List<String> elements = path.subList(whole ? 1 : path.size() - 1, path.size());
        return Path.of(elements.getFirst(), elements.stream().skip(1).toArray(String[]::new));
    }

    private static String names(Metainfo metainfo) {
        List<String> names =
                metainfo.files().stream()
                        .filter(file -> !file.padding())
                        .map(file -> String.join("/", file.path()))
                        .toList();
        String first = String.join(", ", names.subList(0, Math.min(MAX_NAMED, names.size())));
        int more = names.size() - MAX_NAMED;
        return more <= 0 ? first : "%s and %d more files".formatted(first, more);
    }
}
