package dev.thistle.lab.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/// How busy all processors of the machine have been since this was made, by whomever: the lab's
/// hosts share them with everything else that runs.
final class ProcessorLoad {

    /// A line `cpu` with ticks by what they were spent on; see proc(5).
    private static final Path STAT = Path.of("/proc/stat");

    private static final Pattern ALL_PROCESSORS = Pattern.compile("cpu +\\d+( \\d+){7,}");

    private static final int IDLE = 3;
    private static final int IO_WAIT = 4;

    /// Ticks of guests are counted among those of users before.
    private static final int COUNTED = 8;

    private final long[] before;

    ProcessorLoad() throws IOException {
        before = ticks(Files.readAllLines(STAT));
    }

    /// From 0 to 1.
    double busyShare() throws IOException {
        return busyShare(before, ticks(Files.readAllLines(STAT)));
    }

    /// @param before ticks at one time
    /// @param now at a later one; the count of waiting for disks may have fallen since
    static double busyShare(long[] before, long[] now) {
        long all = 0;
        long idle = 0;
        for (int i = 0; i < now.length; i++) {
            long spent = now[i] - before[i];
            all += spent;
            idle += i == IDLE || i == IO_WAIT ? spent : 0;
        }
        return all <= 0 ? 0 : Math.clamp(1 - (double) idle / all, 0, 1);
    }

    /// Of all processors together: the first line.
    static long[] ticks(List<String> stat) throws IOException {
        String first = stat.isEmpty() ? "" : stat.getFirst();
        if (!ALL_PROCESSORS.matcher(first).matches()) {
            throw new IOException("%s: '%s', allowed a line of ticks".formatted(STAT, first));
        }
        String[] words = first.split(" +", -1);
        return Arrays.stream(words).skip(1).limit(COUNTED).mapToLong(Long::parseLong).toArray();
    }
}
