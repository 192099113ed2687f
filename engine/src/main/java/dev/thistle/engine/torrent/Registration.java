package dev.thistle.engine.torrent;

import dev.thistle.protocol.InfoHashes;
import java.io.IOException;

/// What a torrent tells its session of its names: by them callers and users find it. Called on the
/// torrent's thread.
public interface Registration {

    /// Callers may ask for it, by every name that is known.
    void welcome(TorrentLoop torrent);

    /// All names are known, of which a link may have told only one.
    ///
    /// @throws IOException if the session has the same torrent by another name: then that one goes
    ///   on, and this one ends before it has touched a file
    void learnt(InfoHashes names, TorrentLoop torrent) throws IOException;

    /// It has ended: nothing more will happen, and [TorrentLoop#ended] is about to be done.
    void leave(TorrentLoop torrent);
}
