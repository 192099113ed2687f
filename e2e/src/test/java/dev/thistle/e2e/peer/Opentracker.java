package dev.thistle.e2e.peer;

import dev.thistle.e2e.lan.Host;
import dev.thistle.e2e.lan.Needs;
import dev.thistle.e2e.lan.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Debian's opentracker, which serves nothing but what its allow-list names.
public final class Opentracker {

    private Opentracker() {}

    public static void need() {
        Needs.program("opentracker", "opentracker");
    }

    /// Starts it for one torrent, over HTTP and UDP; returns when it listens.
    ///
    /// It makes `home` its root folder and becomes an ordinary user, so the list is named from
    /// there and must be readable for everybody.
    public static Program start(Host host, Path home, int port, Path torrent)
            throws IOException, InterruptedException {
        Files.writeString(home.resolve("allow"), Torrent.infoHash(torrent) + "\n");
        String number = Integer.toString(port);
        Program program =
                host.start(
                        home,
                        List.of(
                                "opentracker",
                                "-i",
                                host.address(),
                                "-p",
                                number,
                                "-P",
                                number,
                                "-d",
                                home.toString(),
                                "-w",
                                "allow"));
        program.awaitListening(port);
        return program;
    }
}
