package dev.thistle.isp.box;

import java.io.Closeable;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Drives a [Box] live: one platform thread that moves frames between it and its links. From
/// [#start] on, box and links are this thread's.
///
/// If the links fail, or the box has a bug, the thread ends and its owner is told, once, on that
/// thread; nothing is retried.
public final class Forwarder implements Closeable {

    /// How long the thread sleeps at most, so that it sees the end of its work in time.
    private static final long LONGEST_SLEEP_NANOS = 100_000_000;

    /// And at least: what is due within this time leaves in one batch. The box does not mind, and
    /// delays are counted in milliseconds.
    private static final long SHORTEST_SLEEP_NANOS = 100_000;

    private static final long STOP_MILLIS = 1_000;

    private final Box box;
    private final Frames frames;
    private final Consumer<Exception> failed;
    private final LongSupplier clock;
    private final Thread thread;
    private final AtomicBoolean isStopping = new AtomicBoolean();
    private volatile BoxCounters counters;
    private volatile long cpuNanos;

    private Forwarder(Box box, Frames frames, LongSupplier clock, Consumer<Exception> failed) {
        this.box = box;
        this.frames = frames;
        this.clock = clock;
        this.failed = failed;
        counters = box.counters();
        thread = Thread.ofPlatform().daemon().name("box").unstarted(this::run);
    }

    /// Begins to forward.
    ///
    /// @param clock monotonic nanoseconds, `System::nanoTime` in earnest
    /// @param failed told why the thread has ended before its time
    public static Forwarder start(
            Box box, Frames frames, LongSupplier clock, Consumer<Exception> failed) {
        var forwarder = new Forwarder(box, frames, clock, failed);
        forwarder.thread.start();
        return forwarder;
    }

    private void run() {
        @Nullable Exception failure = null;
        try {
            forward();
        } catch (IOException | RuntimeException e) {
            failure = e;
        } finally {
            box.close();
            publish();
        }
        if (failure != null && !isStopping.get()) {
            failed.accept(failure);
        }
    }

    private void forward() throws IOException {
        FrameSink arriving = (port, frame) -> box.receive(port, frame, clock.getAsLong());
        long publishedNanos = clock.getAsLong();
        while (!isStopping.get()) {
            long wakeNanos = box.poll(clock.getAsLong(), frames::send);
            frames.flush();
            long nowNanos = clock.getAsLong();
            frames.receive(sleepNanos(wakeNanos, nowNanos), arriving);
            if (nowNanos - publishedNanos >= LONGEST_SLEEP_NANOS) {
                publishedNanos = nowNanos;
                publish();
            }
        }
    }

    private static long sleepNanos(long wakeNanos, long nowNanos) {
        return wakeNanos == Box.NEVER
                ? LONGEST_SLEEP_NANOS
                : Math.clamp(wakeNanos - nowNanos, SHORTEST_SLEEP_NANOS, LONGEST_SLEEP_NANOS);
    }

    private void publish() {
        counters = box.counters();
        cpuNanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    /// What has gone through, as of a tenth of a second ago; exact once closed. Any thread.
    public BoxCounters counters() {
        return counters;
    }

    /// Processor time that the thread has used, as of a tenth of a second ago. Any thread.
    public long cpuNanos() {
        return cpuNanos;
    }

    /// Whether the thread runs. Any thread.
    public boolean isAlive() {
        return thread.isAlive();
    }

    /// Ends the thread within a second; all flows end with their records. Closes the links. Not to
    /// be called on that thread.
    @Override
    public void close() throws IOException {
        isStopping.set(true);
        try {
            thread.join(STOP_MILLIS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        frames.close();
        if (thread.isAlive() && !Thread.currentThread().isInterrupted()) {
            throw new IOException(
                    "the thread of the box has not ended in %d ms".formatted(STOP_MILLIS));
        }
    }
}
