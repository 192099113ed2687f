package dev.thistle.lab.background;

import dev.thistle.lab.host.Host;
import java.io.IOException;
import java.net.InetSocketAddress;
import javax.net.ssl.SSLContext;

/// Uploads large files to one server, one after another: much upload, but outgoing.
public final class Backup implements Activity {

    private final Tally tally = new Tally();
    private final Calls calls;
    private final Habit habit;

    /// Begins to upload.
    ///
    /// @param server an [ObjectServer]
    /// @param fileBytes of one file
    public Backup(
            Host host,
            InetSocketAddress server,
            SSLContext trust,
            long fileBytes,
            long bitsPerSecond)
            throws IOException {
        calls = new Calls(host, trust, tally);
        habit =
                new Habit(
                        host.name() + "-backup",
                        tally,
                        () -> calls.put(server, fileBytes, bitsPerSecond));
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
