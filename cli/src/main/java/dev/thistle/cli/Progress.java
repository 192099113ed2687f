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

    /// Back to the start, and erase: the bar is drawn again below.
    private static final String CLEAR_LINE = "\r\u001b[K";

    private final Console console;
    private final String task;
    private final long total;
    private final @Nullable ProgressBar bar;
    private long lastLineNanos = System.nanoTime();

    /// @param total bytes of the whole work
    Progress(Console console, String task, long total) {
        this.console = console;
        this.task = task;
        this.total = total;
        bar = console.isTerminal() ? bar(console, task, total) : null;
    }

    private static ProgressBar bar(Console console, String task, long total) {
        return new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(total)
                .setUnit(" MiB", 1024 * 1024)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(200)
                .setConsumer(new ConsoleProgressBarConsumer(console.err()))
                .build();
    }

    /// @param done bytes so far
    /// @param detail what else is worth knowing now
    void at(long done, String detail) {
        if (bar != null) {
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
