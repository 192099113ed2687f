package dev.thistle.engine.torrent;

import dev.thistle.engine.peers.PeerAcceptor;
import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.InfoHashes;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The torrents of a session by all their names, and under which of them callers are welcome.
///
/// A hybrid has two names, and a link may tell only one: the other is added when the metainfo is
/// there. Thread-safe.
public final class Register {

    private final @Nullable PeerAcceptor acceptor;
    private final Map<InfoHash, TorrentLoop> byName = new ConcurrentHashMap<>();
    private final Map<TorrentLoop, Set<InfoHash>> running = new LinkedHashMap<>();
    private boolean closed;

    /// @param acceptor null if nobody can call the session
    public Register(@Nullable PeerAcceptor acceptor) {
        this.acceptor = acceptor;
    }

    /// A torrent that is about to start.
    ///
    /// @throws IllegalArgumentException if one of its names is taken
    /// @throws IllegalStateException once [#shut] was called
    public synchronized void enter(InfoHashes names, TorrentLoop loop) {
        if (closed) {
            throw new IllegalStateException("the session is closed");
        }
        if (names.all().stream().anyMatch(byName::containsKey)) {
            throw new IllegalArgumentException("the session has this torrent already");
        }
        running.put(loop, new LinkedHashSet<>(names.all()));
        names.all().forEach(name -> byName.put(name, loop));
    }

    /// All names of a torrent are known. One that was entered by another of them, and does not know
    /// yet what it is, loses its names to this one and ends.
    ///
    /// @throws IOException if this one has lost its names before
    void learnt(InfoHashes names, TorrentLoop loop) throws IOException {
        TorrentLoop same = takeNames(names, loop);
        if (same != null) {
            same.giveUp(sameAs(loop)); // which may block
        }
    }

    /// @return who had one of them
    private synchronized @Nullable TorrentLoop takeNames(InfoHashes names, TorrentLoop loop)
            throws IOException {
        Set<InfoHash> ours = namesOf(loop);
        TorrentLoop same = null;
        for (InfoHash name : names.all()) {
            TorrentLoop other = byName.get(name);
            if (other != null && other != loop) {
                if (ours.isEmpty()) {
                    throw new IOException(sameAs(other));
                }
                namesOf(other).remove(name);
                same = other;
            }
            byName.put(name, loop);
            ours.add(name);
        }
        return same;
    }

    private Set<InfoHash> namesOf(TorrentLoop loop) {
        return Objects.requireNonNull(running.get(loop), "the torrent was not entered");
    }

    /// What is said of a torrent that has lost its names.
    private static String sameAs(TorrentLoop first) {
        return "it is the same torrent as %s, which the session has already"
                .formatted(first.infoHash());
    }

    /// Callers may ask for the torrent, by every name it has now.
    synchronized void welcome(TorrentLoop loop) {
        if (acceptor != null) {
            namesOf(loop).forEach(acceptor::welcome);
        }
    }

    /// A torrent has ended: nobody finds it any more.
    synchronized void leave(TorrentLoop loop) {
        Set<InfoHash> names = namesOf(loop);
        if (acceptor != null) {
            names.forEach(acceptor::unwelcome);
        }
        names.forEach(byName::remove);
        running.remove(loop);
    }

    public Optional<TorrentLoop> find(InfoHash name) {
        return Optional.ofNullable(byName.get(name));
    }

    /// All torrents that have not ended.
    public synchronized List<TorrentLoop> running() {
        return List.copyOf(running.keySet());
    }

    /// Lets no more in.
    ///
    /// @return the torrents that there are, and will be
    public synchronized List<TorrentLoop> shut() {
        closed = true;
        return List.copyOf(running.keySet());
    }
}
