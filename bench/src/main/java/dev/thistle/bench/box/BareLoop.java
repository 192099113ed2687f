package dev.thistle.bench.box;

import dev.thistle.isp.box.Frames;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/// What comes from one port leaves by the other, unread: the box's loop without the box.
final class BareLoop implements Carrier {

    private static final long LONGEST_SLEEP_NANOS = 100_000_000;
    private static final long STOP_MILLIS = 1_000;

    private final int onePort;
    private final int otherPort;
    private final Frames frames;
    private final CompletableFuture<Exception> failure;
    private final Thread thread;
    private final AtomicBoolean isStopping = new AtomicBoolean();
    private long count;
    private volatile Carried carried = new Carried(0, 0, 0);

    private BareLoop(
            int onePort, int otherPort, Frames frames, CompletableFuture<Exception> failure) {
        this.onePort = onePort;
        this.otherPort = otherPort;
        this.frames = frames;
        this.failure = failure;
        thread = Thread.ofPlatform().daemon().name("bare-loop").unstarted(this::run);
    }

    static BareLoop start(
            int onePort, int otherPort, Frames frames, CompletableFuture<Exception> failure) {
        var loop = new BareLoop(onePort, otherPort, frames, failure);
        loop.thread.start();
        return loop;
    }

    private void run() {
        try {
            carry();
        } catch (IOException | RuntimeException e) {
            failure.complete(e);
        } finally {
            publish();
        }
    }

    private void carry() throws IOException {
        long publishedNanos = System.nanoTime();
        while (!isStopping.get()) {
            carryOnce();
            long nowNanos = System.nanoTime();
            if (nowNanos - publishedNanos >= LONGEST_SLEEP_NANOS) {
                publishedNanos = nowNanos;
                publish();
            }
        }
    }

    private void carryOnce() throws IOException {
        frames.receive(
                LONGEST_SLEEP_NANOS,
                (port, frame) -> {
                    count++;
                    frames.send(port == onePort ? otherPort : onePort, frame);
                });
        frames.flush();
    }

    private void publish() {
        long cpuNanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        carried = new Carried(count, 0, cpuNanos);
    }

    @Override
    public Carried carried() {
        return carried;
    }

    @Override
    public void close() throws IOException {
        isStopping.set(true);
        try {
            thread.join(STOP_MILLIS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        frames.close();
    }
}
