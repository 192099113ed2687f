package dev.thistle.cli;

import java.io.Closeable;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Ctrl-C, or a polite kill: says one line, interrupts the thread that opened this and lets the
/// program go on until that thread has closed it, so that everything between ends in the order in
/// which it would end anyway. The JVM then exits with 130 (or 143) by itself.
///
///     try (var interruption = Interruption.of(console, () -> "interrupted"); …) { … }
final class Interruption implements Closeable {

    /// More than a goodbye to the trackers takes, so that it is the tidy end which is waited for.
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Console console;
    private final Supplier<String> line;
    private final Thread command = Thread.currentThread();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile boolean hasCome;
    private final Thread hook = new Thread(this::interrupt, "interrupted");

    private Interruption(Console console, Supplier<String> line) {
        this.console = console;
        this.line = line;
    }

    /// @param line what is then true, for people; asked for at that moment
    static Interruption of(Console console, Supplier<String> line) {
        var interruption = new Interruption(console, line);
        Runtime.getRuntime().addShutdownHook(interruption.hook);
        return interruption;
    }

    private void interrupt() {
        if (console.isTerminal()) {
            console.err().println(); // the terminal shows ^C, perhaps inside a progress bar
        }
        console.error(line.get());
        hasCome = true;
        command.interrupt();
        try {
            if (!closed.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                console.error("not everything ended in good order");
            }
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }

    /// Asked when something failed: after Ctrl-C that is a consequence, and no news. The state of
    /// the thread does not tell, since what ends on the way may take the interrupt for its own.
    ///
    /// @throws InterruptedException if it has come
    void check() throws InterruptedException {
        if (hasCome) {
            throw new InterruptedException();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException interrupted) {
            // Ctrl-C came: the hook is running, or has run
        }
    }
}
