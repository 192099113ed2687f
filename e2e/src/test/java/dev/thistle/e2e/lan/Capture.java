package dev.thistle.e2e.lan;

import dev.thistle.e2e.wire.Conversation;
import dev.thistle.e2e.wire.Conversations;
import dev.thistle.e2e.wire.PcapReader;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A running `tcpdump` whose packets are put together to [Conversation]s as they come.
public final class Capture implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /// Room in the kernel, in KiB, for bursts while the tests have no processor.
    private static final int BUFFER_KIB = 64 * 1024;

    private final Process process;
    private final Conversations conversations = new Conversations();
    private final CountDownLatch ready = new CountDownLatch(1);
    private final Queue<String> said = new ConcurrentLinkedQueue<>();
    private final Thread reader;
    private volatile @Nullable String trouble;

    Capture(ProcessBuilder builder) throws IOException {
        process = builder.start();
        reader = Thread.ofPlatform().daemon().name("tcpdump packets").start(this::read);
        Thread.ofVirtual().name("tcpdump messages").start(this::listen);
    }

    static List<String> command(String filter, int packets) {
        return List.of(
                "tcpdump",
                "-i",
                "eth0",
                "-s",
                "0",
                "-B",
                Integer.toString(BUFFER_KIB),
                "-U",
                "--immediate-mode",
                "-n",
                "-w",
                "-",
                "-c",
                Integer.toString(packets),
                filter);
    }

    void awaitReady() throws IOException {
        try {
            if (!ready.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException("tcpdump does not listen: " + said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /// Waits until some conversation is as wished.
    public void await(String what, Predicate<Conversation> wished) throws InterruptedException {
        if (!conversations.await(wished, PATIENCE)) {
            throw new AssertionError("never seen on the wire: " + what);
        }
    }

    /// Ends the capture and hands out what was recorded.
    public List<Conversation> finish() throws InterruptedException {
        close();
        reader.join(PATIENCE);
        if (reader.isAlive() || trouble != null) {
            throw new AssertionError("the capture is damaged: " + trouble);
        }
        return conversations.all();
    }

    @Override
    public void close() {
        ProcessTree.end(process);
    }

    private void read() {
        try (var in = new BufferedInputStream(process.getInputStream(), 1 << 20)) {
            new PcapReader(in).forEach(conversations::add);
        } catch (IOException e) {
            trouble = e.getMessage();
        }
    }

    private void listen() {
        try (var in =
                new BufferedReader(
                        new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                said.add(line);
                if (line.contains("listening on")) {
                    ready.countDown();
                }
            }
        } catch (IOException e) {
            said.add(String.valueOf(e.getMessage()));
        }
    }
}
