package dev.thistle.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.protocol.metainfo.MetainfoReader;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The programs of `examples/` run as they stand there, from source, against our tracker and peers.
@Timeout(300)
class ExamplesTest {

    private static final Path EXAMPLES = Path.of("../examples");
    private static final byte[] CONTENT = Samples.content(20 * Samples.PIECE + 5);

    private final List<Process> started = new ArrayList<>();

    @TempDir Path dir;
    private Path torrent;
    private Program tracker;

    @BeforeEach
    void track() throws Exception {
        tracker = Program.start("tracker", "--http", "127.0.0.1:0", "--interval", "1m");
        String url = tracker.awaitOut("(http://127.0.0.1:\\d+/announce)").group(1);
        Path data = Samples.write(dir.resolve("data/one.bin"), CONTENT);
        torrent = Samples.create(data, dir.resolve("one.torrent"), "--tracker", url);
    }

    @AfterEach
    void end() throws Exception {
        started.forEach(Process::destroyForcibly);
        tracker.interrupt();
    }

    private Process run(String example, Object... args) throws IOException {
        var command =
                new ArrayList<>(
                        List.of(
                                ProcessHandle.current().info().command().orElse("java"),
                                "--enable-native-access=ALL-UNNAMED",
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                EXAMPLES.resolve(example).toString()));
        Stream.of(args).map(Object::toString).forEach(command::add);
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log(example).toFile())
                        .start();
        started.add(process);
        return process;
    }

    private Path log(String example) {
        return dir.resolve(example + ".log");
    }

    private void expectDone(Process process, String example) throws Exception {
        int exit = process.waitFor();
        assertThat(exit).as(new String(Files.readAllBytes(log(example)), ISO_8859_1)).isZero();
    }

    /// Until it has printed this.
    private void await(Process process, String example, String text) throws Exception {
        while (!Files.readString(log(example)).contains(text)) {
            assertThat(process.waitFor(20, TimeUnit.MILLISECONDS))
                    .as(Files.readString(log(example)))
                    .isFalse();
        }
    }

    @Test
    void a_folder_is_seeded_and_a_torrent_kept_in_a_storage_of_ones_own() throws Exception {
        Process seeding = run("SeedFolder.java", torrent, dir.resolve("data"));
        await(seeding, "SeedFolder.java", "seeding one.bin on port");

        Path target = dir.resolve("stored");
        expectDone(run("CustomStorage.java", torrent, target), "CustomStorage.java");

        assertThat(target).hasBinaryContent(CONTENT);
        await(seeding, "SeedFolder.java", "has come");
    }

    @Test
    void a_magnet_link_is_downloaded() throws Exception {
        Process seeding = run("SeedFolder.java", torrent, dir.resolve("data"));
        await(seeding, "SeedFolder.java", "seeding one.bin on port");
        var metainfo = MetainfoReader.read(ByteBuffer.wrap(Files.readAllBytes(torrent)));
        String tracker = metainfo.announceList().getFirst().getFirst();
        String link =
                "magnet:?xt=urn:btih:%s&tr=%s"
                        .formatted(metainfo.infoHash(), URLEncoder.encode(tracker, UTF_8));

        Path target = dir.resolve("downloads");
        expectDone(run("DownloadMagnet.java", link, target), "DownloadMagnet.java");

        assertThat(target.resolve("one.bin")).hasBinaryContent(CONTENT);
        assertThat(Files.readString(log("DownloadMagnet.java"))).contains("one.bin is complete");
    }

    @Test
    void a_file_is_read_while_it_comes() throws Exception {
        Process seeding = run("SeedFolder.java", torrent, dir.resolve("data"));
        await(seeding, "SeedFolder.java", "seeding one.bin on port");

        Process streaming = run("StreamFile.java", torrent, dir.resolve("streamed"), 0);
        expectDone(streaming, "StreamFile.java");

        byte[] said = Files.readAllBytes(log("StreamFile.java"));
        assertThat(Arrays.copyOf(said, CONTENT.length)).isEqualTo(CONTENT);
        assertThat(new String(said, CONTENT.length, said.length - CONTENT.length, UTF_8))
                .isEqualToIgnoringNewLines("all was read");
    }

    static Stream<Path> examples() throws IOException {
        try (Stream<Path> files = Files.list(EXAMPLES)) {
            return files.toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void an_example_fits_on_a_page(Path example) throws Exception {
        assertThat(Files.readAllLines(example)).hasSizeLessThanOrEqualTo(40);
    }
}
