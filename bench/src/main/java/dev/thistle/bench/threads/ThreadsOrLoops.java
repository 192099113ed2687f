package dev.thistle.bench.threads;

import dev.thistle.bench.Arguments;
import dev.thistle.bench.OwnProcess;
import dev.thistle.bench.threads.Way.Line;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What does a connection cost on two virtual threads, and what in a loop over a selector?
/// Question: is the second enough cheaper, in processor time or memory, to give up plain blocking
/// code for it?
///
/// Leeches and seeds of the same process, over loopback TCP: blocks of 16 KiB for requests, under
/// RC4 both ways. Not measured are files and hashing, which would be the same. Each run is a
/// process of its own, warmed up by 512 MiB, and the two ways take turns.
///
/// Run `scripts/bench threads [MIB [ROUNDS [CONNECTIONS...]]]`; the answer is kept in
/// `docs/adr/0009-virtual-threads-measured.md`.
public final class ThreadsOrLoops {

    private static final List<String> WAYS = List.of("threads", "loops");
    private static final int WARM_MIB = 512;
    private static final int WARM_CONNECTIONS = 10;

    /// What one run came to.
    private record Cost(double cpuSeconds, double wallSeconds, double mostMib) {

        static Cost read(String line) {
            String[] parts = line.split(" ", -1);
            return new Cost(
                    Double.parseDouble(parts[0]),
                    Double.parseDouble(parts[1]),
                    Double.parseDouble(parts[2]));
        }
    }

    private ThreadsOrLoops() {}

    /// Ends with 2 after wrong usage. With a way for the first argument it is one run: `WAY MIB
    /// CONNECTIONS`.
    public static void main(String[] given) throws Exception {
        try {
            if (given.length > 0 && WAYS.contains(given[0])) {
                runOnce(given);
                return;
            }
            var arguments = new Arguments(given);
            int mib = arguments.number("MIB", 0, 2_048, 1, 1 << 20);
            int rounds = arguments.number("ROUNDS", 1, 5, 1, 100);
            List<Integer> connections = new ArrayList<>(List.of(10, 100, 1_000));
            if (given.length > 2) {
                connections.clear();
                for (int at = 2; at < given.length; at++) {
                    connections.add(arguments.number("CONNECTIONS", at, 1, 1, 10_000));
                }
            }
            compare(System.out, mib, rounds, connections);
        } catch (IllegalArgumentException wrong) {
            System.err.println("threads: " + wrong.getMessage());
            System.exit(2);
        }
    }

    private static void compare(PrintStream out, int mib, int rounds, List<Integer> connections)
            throws IOException {
        out.printf("medians of %d rounds of %d MiB%n", rounds, mib);
        out.println("| connections | way | CPU-s/GiB | lowest–highest | MB/s | most RSS MiB |");
        out.println("| --- | --- | --- | --- | --- | --- |");
        for (int count : connections) {
            List<List<Cost>> costs = List.of(new ArrayList<>(), new ArrayList<>());
            for (int round = 0; round < rounds; round++) {
                for (int way = 0; way < WAYS.size(); way++) {
                    costs.get(way).add(child(WAYS.get(way), mib, count));
                }
            }
            for (int way = 0; way < WAYS.size(); way++) {
                row(out, count, WAYS.get(way), mib, costs.get(way));
            }
        }
    }

    private static void row(PrintStream out, int count, String way, int mib, List<Cost> costs) {
        double[] cpu = costs.stream().mapToDouble(c -> c.cpuSeconds * 1_024 / mib).toArray();
        double[] speed = costs.stream().mapToDouble(c -> mib * 1.048576 / c.wallSeconds).toArray();
        double[] memory = costs.stream().mapToDouble(Cost::mostMib).toArray();
        Arrays.sort(cpu);
        out.printf(
                "| %d | %s | %.2f | %.2f–%.2f | %.0f | %.0f |%n",
                count,
                way,
                median(cpu),
                cpu[0],
                cpu[cpu.length - 1],
                median(speed),
                median(memory));
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        int half = values.length / 2;
        return values.length % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
    }

    private static Cost child(String way, int mib, int connections) throws IOException {
        Process run =
                OwnProcess.again(
                        List.of("-XX:+UseSerialGC", "-Xmn8m", "-XX:MaxDirectMemorySize=2g"),
                        ThreadsOrLoops.class,
                        List.of(way, String.valueOf(mib), String.valueOf(connections)));
        try (var said = run.inputReader(StandardCharsets.US_ASCII)) {
            String line = said.readLine();
            if (line == null) {
                throw new IOException("a run of %s ended without an answer".formatted(way));
            }
            return Cost.read(line);
        }
    }

    private static void runOnce(String[] given) throws IOException, InterruptedException {
        var way = Way.named(given[0]);
        var arguments = new Arguments(given);
        carry(way, WARM_MIB, WARM_CONNECTIONS);
        long cpu = OwnProcess.cpuNanos();
        long begin = System.nanoTime();
        carry(
                way,
                arguments.number("MIB", 1, 0, 1, 1 << 20),
                arguments.number("N", 2, 0, 1, 10_000));
        double wallSeconds = (System.nanoTime() - begin) / 1e9;
        double cpuSeconds = (OwnProcess.cpuNanos() - cpu) / 1e9;
        System.out.printf(
                "%.3f %.3f %.1f%n", cpuSeconds, wallSeconds, OwnProcess.mostResidentMib());
    }

    private static void carry(Way way, int mib, int connections)
            throws IOException, InterruptedException {
        int blocks = Math.max(mib * ((1 << 20) / End.BLOCK_BYTES) / connections, 1);
        List<Line> lines = new ArrayList<>();
        try (var server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            for (int n = 0; n < connections; n++) {
                SocketChannel leech = SocketChannel.open(server.getLocalAddress());
                lines.add(new Line(leech, new End.Leech(blocks)));
                lines.add(new Line(server.accept(), new End.Seed()));
            }
        }
        way.carry(lines);
    }
}
