package dev.thistle.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import org.slf4j.Logger;

/// What is logged, on stderr: warnings; of our own parts what the environment variable
/// `THISTLE_LOG` asks for (`DEBUG`, `INFO`, ...). Code and no XML, whose reading would slow every
/// start.
public final class LogSettings extends ContextAwareBase implements Configurator {

    /// Names of torrents and words of trackers come from strangers: a terminal must not obey them.
    private static final String LINE =
            "%d{HH:mm:ss} %-5level %logger{0}: %replace(%msg){'[\\p{Cc}\\p{Cf}]', '?'}%n";

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        var encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(LINE);
        encoder.start();
        var stderr = new ConsoleAppender<ILoggingEvent>();
        stderr.setContext(context);
        stderr.setTarget("System.err");
        stderr.setEncoder(encoder);
        stderr.start();

        ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.WARN);
        root.addAppender(stderr);
        context.getLogger("org.eclipse.jetty").setLevel(Level.ERROR);
        String asked = System.getenv("THISTLE_LOG");
        context.getLogger("dev.thistle").setLevel(Level.toLevel(asked, Level.WARN));
        // What ends a torrent is told by the command that waits for it.
        context.getLogger("dev.thistle.engine").setLevel(Level.toLevel(asked, Level.OFF));
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }
}
