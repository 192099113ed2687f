package dev.thistle.engine.event;

import dev.thistle.engine.snapshot.TorrentSnapshot.State;
import dev.thistle.protocol.InfoHash;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/// Something that happened in a session. Texts are for people, and may quote strangers.
///
/// Events of one torrent come in the order in which they happened; those of different torrents mix.
public sealed interface SessionEvent {

    /// Events that this subscriber did not get because it was too slow: its buffer was full. Stands
    /// where they would have been.
    ///
    /// @param count how many, from 1
    record Missed(long count) implements SessionEvent {}

    /// Something that happened to a torrent.
    sealed interface OfTorrent extends SessionEvent {

        /// Which one.
        InfoHash infoHash();
    }

    /// A torrent is in the session.
    record TorrentAdded(InfoHash infoHash, String name) implements OfTorrent {}

    /// A torrent is no longer in the session; nothing more is told of it.
    record TorrentRemoved(InfoHash infoHash) implements OfTorrent {}

    /// A torrent is in another part of its life.
    record StateChanged(InfoHash infoHash, State from, State to) implements OfTorrent {}

    /// A piece came and has the right hash.
    record PieceVerified(InfoHash infoHash, int piece) implements OfTorrent {}

    /// A piece came and has the wrong hash; it is asked for anew.
    record PieceFailed(InfoHash infoHash, int piece) implements OfTorrent {}

    /// A peer is connected, and both handshakes are done.
    ///
    /// @param isIncoming it called us
    record PeerJoined(InfoHash infoHash, InetSocketAddress address, boolean isIncoming)
            implements OfTorrent {}

    /// A connection has ended.
    record PeerLeft(InfoHash infoHash, InetSocketAddress address, String reason)
            implements OfTorrent {}

    /// An address is not talked to any more.
    record PeerBanned(InfoHash infoHash, InetAddress address, String reason) implements OfTorrent {}

    /// A tracker answered.
    ///
    /// @param peers how many it named
    record TrackerAnswered(InfoHash infoHash, String url, int peers) implements OfTorrent {}

    /// A tracker refused, or did not answer.
    record TrackerFailed(InfoHash infoHash, String url, String reason) implements OfTorrent {}

    /// Every piece that is wanted is there and verified. Also told of a torrent of which that is so
    /// when it is added.
    record Completed(InfoHash infoHash) implements OfTorrent {}

    /// A torrent was seeding for long enough or gave enough, as its settings say, and stops.
    record SeedingEnded(InfoHash infoHash, String reason) implements OfTorrent {}

    /// A torrent cannot go on.
    record Failed(InfoHash infoHash, String reason) implements OfTorrent {}
}
