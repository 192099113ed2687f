package dev.thistle.e2e.peer;

import dev.thistle.e2e.lan.Host;
import dev.thistle.e2e.lan.Program;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// All that a test of whole programs needs from one side: a client, a maker of torrents, a tracker.
///
/// [Thistle] is what is tested. With the system property `thistle.e2e.suite` set to `others`,
/// [Others] stand in, which shows whether a failure is the harness's or ours.
public sealed interface Suite extends BitTorrentClient permits Thistle, Others {

    /// The one to be tested.
    static Suite underTest() {
        return switch (System.getProperty("thistle.e2e.suite", "thistle")) {
            case "thistle" -> new Thistle();
            case "others" -> new Others();
            case String other ->
                    throw new IllegalArgumentException(
                            "thistle.e2e.suite is " + other + ", allowed: thistle, others");
        };
    }

    /// Makes a torrent of a file or folder.
    ///
    /// @param trackers announce URLs, none for peers that are told of each other
    void create(
            Host host,
            Path home,
            Path path,
            Path torrent,
            TorrentVersion version,
            List<String> trackers)
            throws IOException, InterruptedException;

    /// Makes one of v1.
    default void create(Host host, Path home, Path path, Path torrent, List<String> trackers)
            throws IOException, InterruptedException {
        create(host, home, path, torrent, TorrentVersion.V1, trackers);
    }

    /// Starts a tracker that serves exactly the torrent; returns when it listens.
    Program track(Host host, Path home, int port, Path torrent, TorrentVersion version)
            throws IOException, InterruptedException;

    /// The same for one of v1.
    default Program track(Host host, Path home, int port, Path torrent)
            throws IOException, InterruptedException {
        return track(host, home, port, torrent, TorrentVersion.V1);
    }
}
