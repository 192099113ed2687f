package dev.thistle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.engine.pieces.PieceCheck;
import dev.thistle.engine.resume.ResumeData;
import dev.thistle.engine.resume.ResumeFile;
import dev.thistle.engine.settings.ResumeSettings;
import dev.thistle.engine.storage.FileStore;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.metainfo.MetainfoReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `kill -9` on a real `thistle get`, again and again, until it is complete: at random moments, a
/// few while the program starts. The seeder keeps a pace, so bytes can be told as time.
///
/// `scripts/kills 100` does it a hundred times.
@Timeout(1200)
class KilledGetTest {

    private static final int KILLS = Integer.getInteger("thistle.kills", 10);
    private static final long SEED = Long.getLong("thistle.seed", 1);
    private static final int PIECE = 64 * 1024;

    /// What a run gets before it is killed, at most.
    private static final int MAX_BLOCKS_A_RUN = 128;

    /// 16 KiB each 8 ms: 2 MB/s.
    private static final long NANOS_A_BLOCK = 8_000_000;

    private static final long MOST_REPEATED_NANOS = TimeUnit.SECONDS.toNanos(5);

    @TempDir Path dir;

    @Test
    void killed_again_and_again_it_repeats_little_and_ends_with_the_right_data() throws Exception {
        byte[] content = Samples.content((KILLS + 2) * MAX_BLOCKS_A_RUN * Samples.PIECE);
        Path data = Samples.write(dir.resolve("source/one.bin"), content);
        Path torrent = dir.resolve("one.torrent");
        Program.run("create", data, "-o", torrent, "--piece-size", PIECE).expectDone();
        Metainfo metainfo = MetainfoReader.read(ByteBuffer.wrap(Files.readAllBytes(torrent)));
        Path target = dir.resolve("downloads");
        var random = new Random(SEED);
        int mostRepeated = 0;
        var forgotten = new BitSet();
        try (var seeder = Seeder.of(torrent, content)) {
            seeder.pace(NANOS_A_BLOCK);
            for (int kill = 1; kill <= KILLS; kill++) {
                Process get = start(torrent, target, seeder);
                if (kill % 5 == 0) {
                    get.waitFor(random.nextInt(700), TimeUnit.MILLISECONDS); // while it starts
                } else {
                    seeder.awaitServed(1 + random.nextInt(MAX_BLOCKS_A_RUN));
                }
                get.destroyForcibly().waitFor();
                BitSet before = forgotten;
                forgotten = verifiedAndForgotten(metainfo, target);
                before.flip(0, metainfo.pieceCount());
                before.and(forgotten); // others were forgotten at an earlier kill
                int repeated = before.cardinality();
                mostRepeated = Math.max(mostRepeated, repeated);
                System.out.printf("kill %d: %d pieces repeated%n", kill, repeated);
                assertThat(repeated * (long) (PIECE / Samples.PIECE) * NANOS_A_BLOCK)
                        .as("seed %d, kill %d: work that is repeated", SEED, kill)
                        .isLessThanOrEqualTo(MOST_REPEATED_NANOS);
            }
            seeder.pace(0);
            Process last = start(torrent, target, seeder);
            assertThat(last.waitFor()).as(() -> said(KILLS + 1)).isZero();
        }
        System.out.printf(
                "%d kills, at most %d ms of verified work repeated%n",
                KILLS,
                TimeUnit.NANOSECONDS.toMillis(
                        mostRepeated * (long) (PIECE / Samples.PIECE) * NANOS_A_BLOCK));
        assertThat(target.resolve("one.bin")).hasBinaryContent(content);
        for (int run = 1; run <= KILLS + 1; run++) {
            assertThat(said(run)).doesNotContain("check", "not used", "changed", "is gone");
        }
    }

    private int runs;

    /// The program in a process of its own.
    private Process start(Path torrent, Path target, Seeder seeder) throws IOException {
        var command =
                new ArrayList<>(
                        List.of(
                                ProcessHandle.current().info().command().orElse("java"),
                                "--enable-native-access=ALL-UNNAMED",
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "dev.thistle.cli.Thistle"));
        command.addAll(
                List.of(
                        "get",
                        torrent.toString(),
                        "-o",
                        target.toString(),
                        "--port",
                        "0",
                        "--peer",
                        seeder.address()));
        seeder.countFromHere();
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve("run-" + ++runs + ".log").toFile())
                .start();
    }

    private String said(int run) {
        try {
            return Files.readString(dir.resolve("run-" + run + ".log"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /// Pieces that are there and right, and the next run will not know it.
    private static BitSet verifiedAndForgotten(Metainfo metainfo, Path target) throws IOException {
        if (!Files.isDirectory(target)) {
            return new BitSet();
        }
        Path file = ResumeSettings.beside(target, metainfo.infoHash()).file().orElseThrow();
        Optional<ResumeData> remembered = new ResumeFile(file).read();
        BitSet right;
        try (var store = FileStore.open(target, metainfo, false)) {
            right = new PieceCheck(metainfo, store).run(_ -> {}, () -> false).right();
        }
        BitSet known = remembered.map(ResumeData::verified).orElseGet(BitSet::new);
        BitSet wrong = (BitSet) known.clone();
        wrong.andNot(right);
        assertThat(wrong.cardinality()).as("remembered pieces that are wrong").isZero();
        right.andNot(known);
        return right;
    }
}
