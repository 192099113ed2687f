package dev.thistle.engine;

import dev.thistle.engine.snapshot.TorrentSnapshot;
import dev.thistle.engine.torrent.TorrentLoop;
import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.PeerAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// The handle of one torrent of a [Session]. Thread-safe.
public final class Torrent {

    private final InfoHash infoHash;
    private final TorrentLoop loop;

    Torrent(InfoHash infoHash, TorrentLoop loop) {
        this.infoHash = infoHash;
        this.loop = loop;
    }

    public InfoHash infoHash() {
        return infoHash;
    }

    /// How it looked a fraction of a second ago.
    public TorrentSnapshot snapshot() {
        return loop.snapshot();
    }

    /// Done when every piece is there and verified; failed when the torrent ended before that.
    public CompletableFuture<TorrentSnapshot> completed() {
        return loop.completed();
    }

    /// Done when the torrent has ended and its files are closed.
    public CompletableFuture<TorrentSnapshot> ended() {
        return loop.ended();
    }

    /// Names peers to call, beside those that trackers know.
    public void addPeers(List<PeerAddress> addresses) {
        loop.addPeers(addresses);
    }

    /// Ends the torrent: hangs up, tells the trackers, closes the files. What was verified stays.
    ///
    /// @return done at the end, after some seconds at most
    public CompletableFuture<TorrentSnapshot> stop() {
        loop.stop();
        return loop.ended();
    }
}
