package dev.thistle.bench;

import dev.thistle.protocol.rc4.Rc4;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// How near does our RC4 come to OpenSSL's assembly? Question: is it at least 0.75 times as fast
/// for a block of a download, in place and off the heap, or 0.9 times?
///
/// The two take turns, each by its own processor time, so that whatever else the machine does meets
/// both. The JVM stays, and is warm after the first turn, which is not counted.
///
/// Run `scripts/bench rc4 [TURNS [SECONDS]]`; compare `bench/baselines/rc4.md`.
public final class Rc4Turns {

    private static final int BLOCK_BYTES = 16 * 1024;

    private final Rc4 ours = new Rc4("a key of MSE's size.".getBytes(StandardCharsets.US_ASCII));
    private final ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_BYTES);

    private Rc4Turns() {}

    /// Ends with 2 after wrong usage.
    public static void main(String[] given) throws IOException {
        try {
            var arguments = new Arguments(given);
            new Rc4Turns()
                    .compare(
                            System.out,
                            arguments.number("TURNS", 0, 10, 1, 1_000),
                            arguments.number("SECONDS", 1, 2, 1, 60));
        } catch (IllegalArgumentException wrong) {
            System.err.println("rc4: " + wrong.getMessage());
            System.exit(2);
        }
    }

    private void compare(PrintStream out, int turns, int seconds) throws IOException {
        double[] our = new double[turns];
        double[] their = new double[turns];
        double[] ratio = new double[turns];
        ours(seconds);
        out.println("turn  ours MB/s  openssl MB/s  ratio");
        for (int turn = 0; turn < turns; turn++) {
            our[turn] = ours(seconds);
            their[turn] = openssl(seconds);
            ratio[turn] = our[turn] / their[turn];
            out.printf(
                    "%4d  %9.0f  %12.0f  %5.2f%n", turn + 1, our[turn], their[turn], ratio[turn]);
        }
        out.printf("%4s  %9.0f  %12.0f  %5.2f%n", "mid", mid(our), mid(their), mid(ratio));
    }

    private static double mid(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    /// 10^6 bytes for each second of this thread's processor time.
    private double ours(int seconds) {
        var threads = ManagementFactory.getThreadMXBean();
        long begin = threads.getCurrentThreadCpuTime();
        long end = begin + TimeUnit.SECONDS.toNanos(seconds);
        long blocks = 0;
        long now = begin;
        while (now < end) {
            for (int n = 0; n < 1_000; n++) {
                ours.apply(block);
            }
            blocks += 1_000;
            now = threads.getCurrentThreadCpuTime();
        }
        return blocks * BLOCK_BYTES * 1_000.0 / (now - begin);
    }

    /// The same by `openssl speed`, which counts its own processor time. RC4 is in OpenSSL 3's
    /// legacy provider.
    private static double openssl(int seconds) throws IOException {
        List<String> command =
                List.of(
                        "openssl",
                        "speed",
                        "-provider",
                        "legacy",
                        "-provider",
                        "default",
                        "-mr",
                        "-seconds",
                        String.valueOf(seconds),
                        "-bytes",
                        String.valueOf(BLOCK_BYTES),
                        "-evp",
                        "rc4");
        Process speed =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try (BufferedReader said = speed.inputReader(StandardCharsets.US_ASCII)) {
            List<String> lines = said.lines().filter(line -> line.startsWith("+F:")).toList();
            if (lines.isEmpty()) {
                throw new IOException(
                        "openssl speed has no RC4 here: " + String.join(" ", command));
            }
            String line = lines.getLast();
            return Double.parseDouble(line.substring(line.lastIndexOf(':') + 1)) / 1e6;
        }
    }
}
