package dev.thistle.lab.background;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;

/// A virtual thread that does something again and again until it is closed. What fails is counted,
/// and tried again after a pause, so that a broken network does not become a busy loop.
final class Habit implements Closeable {

    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMillis(250);

    /// One time of many.
    interface Turn {
        void take() throws IOException, InterruptedException;
    }

    private final Turn turn;
    private final Tally tally;
    private final Thread thread;
    private volatile boolean closed;

    Habit(String name, Tally tally, Turn turn) {
        this.turn = turn;
        this.tally = tally;
        thread = Thread.ofVirtual().name(name).start(this::live);
    }

    private void live() {
        while (!closed) {
            try {
                turn.take();
            } catch (InterruptedException _) {
                return; // only close interrupts
            } catch (IOException _) {
                if (!closed) {
                    tally.failure();
                    pause();
                }
            }
        }
    }

    private void pause() {
        try {
            Thread.sleep(PAUSE_AFTER_FAILURE);
        } catch (InterruptedException _) {
            closed = true; // only close interrupts
        }
    }

    /// Interrupts what is under way and waits until it is over.
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
