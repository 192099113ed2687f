package dev.thistle.e2e.house;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Rules that only the sources can tell: each answers with the places that break it, as `FILE:LINE:
/// what`.
public final class Tidiness {

    /// Where the formatter cuts code; it leaves documentation alone.
    private static final int MAX_COLUMNS = 100;

    /// Put together from halves, so that this file is not reported itself.
    private static final Pattern OPEN_WORK = Pattern.compile("\\b(TO" + "DO|FIX" + "ME)\\b");

    private static final Pattern SLEEP =
            Pattern.compile(
                    "\\bThread\\s*\\.\\s*sleep\\b|\\bTimeUnit\\s*\\.\\s*\\w+\\s*\\.\\s*sleep\\b");

    private Tidiness() {}

    /// A source file as it was read.
    ///
    /// @param path from the root of the project
    public record Source(Path path, String text) {

        boolean isIn(String folder) {
            return path.toString().contains("src/" + folder + "/java/");
        }

        boolean isNamed(String name) {
            return path.endsWith(name);
        }

        Path folder() {
            return Objects.requireNonNullElse(path.getParent(), Path.of(""));
        }

        private Stream<String> places(Pattern pattern, String what) {
            List<String> lines = text.lines().toList();
            var found = new ArrayList<String>();
            for (int i = 0; i < lines.size(); i++) {
                if (pattern.matcher(lines.get(i)).find()) {
                    found.add("%s:%d: %s".formatted(path, i + 1, what));
                }
            }
            return found.stream();
        }
    }

    /// All Java files, build files and scripts of the project.
    public static List<Source> sources(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile)
                    .map(root::relativize)
                    .filter(Tidiness::isSource)
                    .sorted()
                    .map(path -> new Source(path, read(root.resolve(path))))
                    .toList();
        }
    }

    /// Packages without a tour, or whose tour does not switch null checks on.
    public static List<String> packagesWithoutTour(List<Source> sources) {
        Set<Path> packages =
                sources.stream()
                        .filter(source ->
                                source.isIn("main") && !source.isNamed("module-info.java"))
                        .map(Source::folder)
                        .collect(Collectors.toCollection(TreeSet::new));
        Set<Path> toured =
                sources.stream()
                        .filter(source -> source.isNamed("package-info.java"))
                        .filter(source -> source.text().contains("@NullMarked"))
                        .filter(source -> source.text().startsWith("///"))
                        .map(Source::folder)
                        .collect(Collectors.toSet());
        return packages.stream()
                .filter(folder -> !toured.contains(folder))
                .map(folder -> folder + ": no package-info.java with a tour and @NullMarked")
                .toList();
    }

    /// Documentation lines beyond the right margin.
    public static List<String> longDocumentation(List<Source> sources) {
        var tooLong = Pattern.compile("^(?=\\s*///).{" + (MAX_COLUMNS + 1) + ",}$");
        return sources.stream()
                .flatMap(source -> source.places(tooLong, "over " + MAX_COLUMNS + " columns"))
                .toList();
    }

    /// Work that was put off.
    public static List<String> openWork(List<Source> sources) {
        return sources.stream()
                .flatMap(source -> source.places(OPEN_WORK, "work that was put off"))
                .toList();
    }

    /// Tests that wait for time to pass and not for something to happen.
    public static List<String> sleepingTests(List<Source> sources) {
        return sources.stream()
                .filter(source -> source.isIn("test"))
                .flatMap(source -> source.places(SLEEP, "a test that sleeps"))
                .toList();
    }

    private static boolean isSource(Path path) {
        for (Path part : path) {
            if (Set.of("target", ".git", "lab-results").contains(part.toString())) {
                return false;
            }
        }
        return path.toString().endsWith(".java")
                || path.endsWith("pom.xml")
                || path.startsWith("scripts")
                || path.startsWith(".ci")
                || path.equals(Path.of("thistle"));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
