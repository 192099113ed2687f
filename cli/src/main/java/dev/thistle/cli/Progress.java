package dev.thistle.cli;

import java.io.Closeable;
import java.time.Duration;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/// How far a long piece of work is: a bar on a terminal, a plain line now and then elsewhere. Not
/// thread-safe.
final class Progress implements Closeable {

    /// Between plain lines: a log of an hour stays readable.
    private static final Duration LINE_EVERY = Duration.ofSeconds(5);

    /// What is over sooner needs no bar.
    private static final Duration BAR_AFTER = Duration.ofMillis(300);

    /// Back to the start, and erase: the bar is drawn again below.
    private static final String CLEAR_LINE = "\r\u001b[K";

    private final Console console;
    private final String task;
    private final long total;
    private final long startNanos = System.nanoTime();
    private long lastLineNanos = startNanos;
    private @Nullable ProgressBar bar;

    /// @param total bytes of the whole work
    Progress(Console console, String task, long total) {
        this.console = console;
        this.task = task;
        this.total = total;
    }

    /// Its width is given, because to find it out the library would load one that takes Ctrl-C away
    /// from us.
    private ProgressBar bar() {
        return new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(total)
                .setUnit(" MiB", 1024 * 1024)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(200)
                .continuousUpdate() // a download that stalls still shows its time and speed
                .setConsumer(new ConsoleProgressBarConsumer(console.err(), console.columns() - 1))
                .build();
    }

    /// @param done bytes so far
    /// @param detail what else is worth knowing now
    void at(long done, String detail) {
        if (console.isTerminal()) {
            if (bar == null && System.nanoTime() - startNanos < BAR_AFTER.toNanos()) {
                return;
            }
            bar = bar == null ? bar() : bar;
            bar.stepTo(done);
            bar.setExtraMessage(Console.printable(detail));
        } else if (System.nanoTime() - lastLineNanos >= LINE_EVERY.toNanos()) {
            lastLineNanos = System.nanoTime();
            console.note(
                    "%s: %.1f %% of %s%s"
                            .formatted(
                                    task,
                                    total == 0 ? 100.0 : 100.0 * done / total,
                                    Console.bytes(total),
                                    detail.isEmpty() ? "" : ", " + detail));
        }
    }

    /// A line of its own, above the bar.
    void note(String line) {
        if (bar != null) {
            console.err().print(CLEAR_LINE);
        }
        console.note(line);
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
