package dev.thistle.e2e.lan;

import dev.thistle.e2e.wire.Conversation;
import dev.thistle.e2e.wire.Conversations;
import dev.thistle.e2e.wire.PcapReader;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
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
    private final OutputStream copy;
    private final CountDownLatch ready = new CountDownLatch(1);
    private final Queue<String> said = new ConcurrentLinkedQueue<>();
    private final Thread reader;
    private volatile @Nullable String trouble;

    /// @param copy gets the file that tcpdump writes, as it comes; closed at the end
    Capture(ProcessBuilder builder, OutputStream copy) throws IOException {
        this.copy = copy;
        process = builder.start();
        reader = Thread.ofPlatform().daemon().name("tcpdump packets").start(this::read);
        Thread.ofVirtual().name("tcpdump messages").start(this::listen);
    }

    static List<String> command(String device, String filter, int packets) {
        return List.of(
                "tcpdump",
                "-i",
                device,
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
        try (var tee = new Tee(process.getInputStream(), copy);
                var in = new BufferedInputStream(tee, 1 << 20)) {
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

    /// Writes down what is read through it.
    private static final class Tee extends FilterInputStream {

        private final OutputStream copy;

        private Tee(InputStream in, OutputStream copy) {
            super(in);
            this.copy = copy;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int count = super.read(bytes, offset, length);
            if (count > 0) {
                copy.write(bytes, offset, count);
            }
            return count;
        }

        @Override
        public void close() throws IOException {
            try (copy) {
                super.close();
            }
        }
    }
}
