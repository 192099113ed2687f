package dev.thistle.engine;

import dev.thistle.engine.settings.RateLimits;
import dev.thistle.engine.settings.Selection;
import dev.thistle.engine.snapshot.TorrentSnapshot;
import dev.thistle.engine.torrent.TorrentLoop;
import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.PeerAddress;
import java.nio.channels.SeekableByteChannel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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

    /// Done when every wanted piece is there and verified; failed when the torrent ended before
    /// that. Stays done when more is wanted later.
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

    /// Changes what is wanted, while the torrent runs. Files that are skipped are not downloaded
    /// any more; what is there of them stays. A torrent whose wanted pieces are all there is
    /// [dev.thistle.engine.snapshot.TorrentSnapshot.State#SEEDING], until more is wanted.
    public void select(Selection selection) {
        loop.select(selection);
    }

    /// Changes how fast this torrent may be, within what the session may.
    public void rates(RateLimits rates) {
        loop.rates(rates);
    }

    /// What is wanted.
    public Selection selection() {
        return loop.selection();
    }

    /// Opens a file for reading while it still comes: a read blocks until its bytes are there, and
    /// what is ahead of it is asked for before everything else. A file that is skipped is wanted
    /// from now on. Several channels may be open; each is to be closed, or its wishes go on until
    /// the torrent ends. Reads fail with an [java.io.IOException] once it has ended.
    ///
    /// @param file its number in the torrent, from 0
    /// @throws IndexOutOfBoundsException if the torrent has no such file
    /// @throws IllegalStateException while only a magnet link is known
    public SeekableByteChannel open(int file) {
        return loop.open(file);
    }

    /// Asks for `piece` before all pieces without a deadline, and when it is late of two peers at
    /// once. Has no effect on a piece that is skipped.
    ///
    /// @param within from now on; nothing or less: at once
    public void deadline(int piece, Duration within) {
        loop.await(piece, Map.of(piece, loop.now() + within.toNanos()));
    }

    /// Takes a [#deadline] back.
    public void noDeadline(int piece) {
        loop.await(piece, Map.of());
    }

    /// Tries again at once what the disk did not take, if the torrent is halted.
    public void retry() {
        loop.retry();
    }

    /// Ends the torrent: hangs up, tells the trackers, closes the files. What was verified stays.
    ///
    /// @return done at the end, after some seconds at most
    public CompletableFuture<TorrentSnapshot> stop() {
        loop.stop();
        return loop.ended();
    }
}
