package dev.thistle.engine;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/// Every line that the engine logs as an error, while it is open.
public final class LoggedErrors implements AutoCloseable {

    private final Logger log =
            Logger.getLogger("dev.thistle.engine"); // held, or it may be collected
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Handler handler =
            new Handler() {
                private final SimpleFormatter formatter = new SimpleFormatter();

                @Override
                public void publish(LogRecord line) {
                    if (line.getLevel().intValue() >= Level.SEVERE.intValue()) {
                        lines.add(formatter.formatMessage(line));
                    }
                }

                @Override
                public void flush() {}

                @Override
                public void close() {}
            };

    public LoggedErrors() {
        log.addHandler(handler);
    }

    public List<String> lines() {
        return lines;
    }

    @Override
    public void close() {
        log.removeHandler(handler);
    }
}
