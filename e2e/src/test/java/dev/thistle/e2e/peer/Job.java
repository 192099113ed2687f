package dev.thistle.e2e.peer;

import dev.thistle.e2e.lan.Host;
import java.nio.file.Path;
import java.util.List;

/// What a client is asked to do, and where.
///
/// @param home a folder of its own for state and settings
/// @param data the folder the payload stands in or goes to
/// @param port where to listen for peers
/// @param dial peers to connect to, as `HOST:PORT`; empty when the tracker names them
public record Job(
        Host host,
        Path home,
        Path torrent,
        Path data,
        int port,
        Protection protection,
        List<String> dial) {

    public Job {
        dial = List.copyOf(dial);
    }
}
