package dev.thistle.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Each fuzz target before its corpus: inputs that lead far into the decoder, and all that a fuzzer
/// has ever found wrong. One file is one input.
class FuzzReplayTest {

    private static final Path CORPUS = Path.of("src/test/resources/fuzz");

    private static List<Path> corpus(FuzzTarget target) throws IOException {
        try (Stream<Path> files =
                Files.list(CORPUS.resolve(target.name().toLowerCase(Locale.ROOT)))) {
            return files.sorted().toList();
        }
    }

    static Stream<Arguments> inputs() throws IOException {
        var inputs = new ArrayList<Arguments>();
        for (FuzzTarget target : FuzzTarget.values()) {
            corpus(target)
                    .forEach(file -> inputs.add(Arguments.of(target, file.getFileName(), file)));
        }
        return inputs.stream();
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("inputs")
    void the_corpus_is_answered_or_refused(FuzzTarget target, Path name, Path file)
            throws Exception {
        byte[] data = Files.readAllBytes(file);
        assertThat(data.length).as(name.toString()).isLessThanOrEqualTo(64 * 1024);
        target.attack(data);
    }

    /// Not a search, but a look around: what a careless change breaks is mostly near.
    @ParameterizedTest
    @EnumSource
    void so_is_what_lies_near_it(FuzzTarget target) throws Exception {
        var random = new Random(1);
        List<Path> corpus = corpus(target);
        for (int round = 0; round < 300; round++) {
            byte[] data = Files.readAllBytes(corpus.get(round % corpus.size()));
            for (int change = random.nextInt(4); change >= 0 && data.length > 0; change--) {
                data[random.nextInt(data.length)] = (byte) random.nextInt();
            }
            target.attack(data);
        }
    }
}
