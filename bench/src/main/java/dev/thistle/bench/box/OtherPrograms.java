package dev.thistle.bench.box;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/// How much of all processors others have used since this was made: a measurement on a machine that
/// is not ours alone has to say so.
final class OtherPrograms {

    /// A line `cpu` with ticks by what they were spent on; see proc(5).
    private static final Path STAT = Path.of("/proc/stat");

    private static final int IDLE = 3;
    private static final int IO_WAIT = 4;

    /// Ticks of guests are counted among those of users before.
    private static final int COUNTED = 8;

    private final long[] ticksBefore = ticks();
    private final long ownNanosBefore = ownNanos();
    private final long startNanos = System.nanoTime();

    OtherPrograms() throws IOException {}

    /// From 0 to 1. What the kernel does for us in interrupts counts as others' too, if it does not
    /// know for whom it was.
    double share() throws IOException {
        long[] now = ticks();
        long all = 0;
        long idle = 0;
        for (int i = 0; i < now.length; i++) {
            long spent = now[i] - ticksBefore[i];
            all += spent;
            idle += i == IDLE || i == IO_WAIT ? spent : 0;
        }
        double busy = all == 0 ? 0 : 1 - (double) idle / all;
        double elapsedNanos = System.nanoTime() - startNanos;
        int processors = Runtime.getRuntime().availableProcessors();
        return Math.max(0, busy - (ownNanos() - ownNanosBefore) / elapsedNanos / processors);
    }

    private static long[] ticks() throws IOException {
        String first = Files.readAllLines(STAT).getFirst();
        String[] words = first.split(" +", -1);
        return Arrays.stream(words).skip(1).limit(COUNTED).mapToLong(Long::parseLong).toArray();
    }

    private static long ownNanos() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }
}
