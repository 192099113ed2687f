package dev.thistle.lab.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/// How busy all processors of the machine have been since this was made, by whomever: the lab's
/// hosts share them with everything else that runs.
final class ProcessorLoad {

    /// A line `cpu` with ticks by what they were spent on; see proc(5).
    private static final Path STAT = Path.of("/proc/stat");

    private static final int IDLE = 3;
    private static final int IO_WAIT = 4;

    /// Ticks of guests are counted among those of users before.
    private static final int COUNTED = 8;

    private final long[] before;

    ProcessorLoad() throws IOException {
        before = ticks();
    }

    /// From 0 to 1.
    double busyShare() throws IOException {
        long[] now = ticks();
        long all = 0;
        long idle = 0;
        for (int i = 0; i < now.length; i++) {
            long spent = now[i] - before[i];
            all += spent;
            idle += i == IDLE || i == IO_WAIT ? spent : 0;
        }
        return all == 0 ? 0 : 1 - (double) idle / all;
    }

    private static long[] ticks() throws IOException {
        String first = Files.readAllLines(STAT).getFirst();
        String[] words = first.split(" +", -1);
        return Arrays.stream(words).skip(1).limit(COUNTED).mapToLong(Long::parseLong).toArray();
    }
}
