package dev.thistle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One run of the program inside this JVM, on a thread of its own.
final class Program {

    /// Nothing here takes longer, even on a busy machine; what does hangs.
    static final Duration HANGS = Duration.ofSeconds(60);

    /// What users get, but less of it.
    private static final Patience PATIENCE =
            new Patience(Duration.ofSeconds(3), Duration.ofSeconds(2));

    /// Bytes that another thread can wait for.
    private static final class Capture extends ByteArrayOutputStream {
        @Override
        public synchronized void write(int b) {
            super.write(b);
            notifyAll();
        }

        @Override
        public synchronized void write(byte[] bytes, int offset, int length) {
            super.write(bytes, offset, length);
            notifyAll();
        }

        synchronized Matcher await(Pattern pattern) throws Exception {
            long end = System.nanoTime() + HANGS.toNanos();
            while (true) {
                Matcher matcher = pattern.matcher(text());
                if (matcher.find()) {
                    return matcher;
                }
                long millis = (end - System.nanoTime()) / 1_000_000;
                if (millis <= 0) {
                    throw new TimeoutException("no " + pattern + " in: " + text());
                }
                wait(millis);
            }
        }

        synchronized String text() {
            return toString(StandardCharsets.UTF_8);
        }
    }

    /// How a run ended.
    record Outcome(int exit, String out, String err) {

        JsonNode json() {
            return JsonMapper.shared().readTree(out);
        }

        Outcome expectDone() {
            assertThat(exit).as(() -> "out: %s%nerr: %s".formatted(out, err)).isZero();
            return this;
        }

        /// Ended with one line about it: no trace, no second opinion, nothing a terminal obeys.
        void expectFailure(String... parts) {
            expectLine(Thistle.FAILED, 1, parts);
        }

        /// Ended with a line about it and a hint at the help.
        void expectWrongUsage(String... parts) {
            expectLine(2, 2, parts);
            assertThat(err).contains("try: thistle ").contains("--help");
        }

        private void expectLine(int code, int lines, String... parts) {
            assertThat(exit).as(() -> "out: %s%nerr: %s".formatted(out, err)).isEqualTo(code);
            assertThat(err.lines().filter(line -> line.startsWith("thistle: ")))
                    .as(err)
                    .hasSize(lines);
            assertThat(err)
                    .contains(parts)
                    .doesNotContain("\tat ", "Exception", "unexpected", "this is a bug")
                    .doesNotContainPattern("[\\p{Cc}&&[^\\n]]");
        }
    }

    private final Capture out = new Capture();
    private final Capture err = new Capture();
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();
    private final Thread thread;

    private Program(Patience patience, String... args) {
        thread =
                Thread.ofPlatform()
                        .daemon()
                        .name("thistle")
                        .unstarted(() -> {
                            var console =
                                    new Console(
                                            new PrintStream(out, true, StandardCharsets.UTF_8),
                                            new PrintStream(err, true, StandardCharsets.UTF_8),
                                            0);
                            try {
                                exit.complete(Thistle.run(console, patience, args));
                            } catch (Throwable escaped) {
                                exit.completeExceptionally(escaped);
                            }
                        });
    }

    static Program start(Object... args) {
        return start(PATIENCE, args);
    }

    static Program start(Patience patience, Object... args) {
        String[] texts = new String[args.length];
        for (int i = 0; i < args.length; i++) {
            texts[i] = args[i].toString();
        }
        var program = new Program(patience, texts);
        program.thread.start();
        return program;
    }

    static Outcome run(Object... args) throws Exception {
        return start(args).end();
    }

    Outcome end() throws Exception {
        int code = exit.get(HANGS.toMillis(), TimeUnit.MILLISECONDS);
        return new Outcome(code, out.text(), err.text());
    }

    /// As Ctrl-C does, but for the line that goes with it.
    Outcome interrupt() throws Exception {
        thread.interrupt();
        return end();
    }

    Matcher awaitOut(String pattern) throws Exception {
        return out.await(Pattern.compile(pattern));
    }

    Matcher awaitErr(String pattern) throws Exception {
        return err.await(Pattern.compile(pattern));
    }
}
