package dev.thistle.e2e.peer;

import dev.thistle.e2e.lan.Host;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// What a client is asked to do, and where.
///
/// @param home a folder of its own for state and settings
/// @param data the folder the payload stands in or goes to
/// @param port where to listen for peers
/// @param magnet the link it is given in place of the torrent's file
/// @param dial peers to connect to, as `HOST:PORT`; empty when the tracker names them
public record Job(
        Host host,
        Path home,
        Path torrent,
        Path data,
        int port,
        Protection protection,
        Optional<String> magnet,
        List<String> dial) {

    /// What is given the torrent's file.
    public Job(
            Host host,
            Path home,
            Path torrent,
            Path data,
            int port,
            Protection protection,
            List<String> dial) {
        this(host, home, torrent, data, port, protection, Optional.empty(), dial);
    }

    public Job {
        dial = List.copyOf(dial);
    }

    /// The file or the link, as an argument.
    public String given() {
        return magnet.orElseGet(torrent::toString);
    }
}
