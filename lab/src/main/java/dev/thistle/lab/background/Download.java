package dev.thistle.lab.background;

import dev.thistle.lab.host.Host;
import java.io.IOException;
import java.net.InetSocketAddress;
import javax.net.ssl.SSLContext;

/// Fetches large files from one server, one after another, as fast as it sends.
public final class Download implements Activity {

    private final Tally tally = new Tally();
    private final Calls calls;
    private final Habit habit;

    /// Begins to fetch.
    ///
    /// @param server an [ObjectServer], which sets the pace
    /// @param fileBytes of one file
    public Download(Host host, InetSocketAddress server, SSLContext trust, long fileBytes)
            throws IOException {
        calls = new Calls(host, trust, tally);
        habit = new Habit(host.name() + "-download", tally, () -> calls.get(server, fileBytes));
    }

    @Override
    public Progress progress() {
        return tally.progress();
    }

    @Override
    public void close() {
        habit.close();
        calls.close();
    }
}
