package dev.thistle.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.e2e.house.Tidiness;
import dev.thistle.e2e.house.Tidiness.Source;
import dev.thistle.e2e.lan.Needs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The sources are tidy, and each rule that says so bites when it is broken.
class TidyTest {

    private static List<Source> sources = List.of();

    @BeforeAll
    static void read_the_sources() throws IOException {
        sources = Tidiness.sources(Needs.root());
    }

    @Test
    void the_sources_are_there() {
        assertThat(sources)
                .extracting(source -> source.path().toString())
                .contains(
                        "pom.xml",
                        "scripts/test",
                        "protocol/src/main/java/dev/thistle/protocol/InfoHash.java",
                        "e2e/src/test/java/dev/thistle/e2e/TidyTest.java");
    }

    @Test
    void every_package_has_a_tour_and_null_checks() {
        assertThat(Tidiness.packagesWithoutTour(sources)).isEmpty();
    }

    @Test
    void documentation_fits_the_page() {
        assertThat(Tidiness.longDocumentation(sources)).isEmpty();
    }

    @Test
    void no_work_is_put_off() {
        assertThat(Tidiness.openWork(sources)).isEmpty();
    }

    @Test
    void no_test_sleeps() {
        assertThat(Tidiness.sleepingTests(sources)).isEmpty();
    }

    @Test
    void a_planted_package_without_a_tour_is_reported() {
        var type = planted("net/src/main/java/dev/thistle/net/bare/Bare.java", "class Bare {}");
        String info = "net/src/main/java/dev/thistle/net/bare/package-info.java";
        assertThat(Tidiness.packagesWithoutTour(List.of(type))).hasSize(1);
        assertThat(Tidiness.packagesWithoutTour(List.of(type, planted(info, "/// A tour."))))
                .hasSize(1);
        assertThat(Tidiness.packagesWithoutTour(List.of(type, planted(info, "@NullMarked"))))
                .hasSize(1);
        assertThat(
                        Tidiness.packagesWithoutTour(
                                List.of(type, planted(info, "/// A tour.\n@NullMarked"))))
                .isEmpty();
    }

    @Test
    void a_planted_long_line_is_reported() {
        String longest = "    /// ".concat("x".repeat(92));
        String file = "net/src/test/java/dev/thistle/net/LongTest.java";
        assertThat(Tidiness.longDocumentation(List.of(planted(file, longest)))).isEmpty();
        assertThat(Tidiness.longDocumentation(List.of(planted(file, "\n" + longest + "y"))))
                .containsExactly(file + ":2: over 100 columns");
    }

    @Test
    void planted_open_work_is_reported() {
        for (String word : List.of("TO" + "DO", "FIX" + "ME")) {
            assertThat(Tidiness.openWork(List.of(planted("pom.xml", "<!-- " + word + " -->"))))
                    .containsExactly("pom.xml:1: work that was put off");
        }
    }

    @Test
    void a_planted_sleep_is_reported() {
        String file = "net/src/test/java/dev/thistle/net/SleepyTest.java";
        for (String call : List.of("Thread.%s(5)", "TimeUnit.SECONDS.%s(5)")) {
            var source = planted(file, call.formatted("sleep"));
            assertThat(Tidiness.sleepingTests(List.of(source))).hasSize(1);
        }
    }

    private static Source planted(String path, String text) {
        return new Source(Path.of(path), text);
    }
}
