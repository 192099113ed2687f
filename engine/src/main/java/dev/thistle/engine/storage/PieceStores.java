package dev.thistle.engine.storage;

import dev.thistle.engine.settings.Selection;
import dev.thistle.protocol.metainfo.Metainfo;
import java.io.IOException;

/// What its user decides of a torrent as soon as the metainfo is known: after a magnet link that is
/// some time after the torrent was added. Called once, on the torrent's thread.
@FunctionalInterface
public interface PieceStores {

    /// Opens the store that shall hold the pieces.
    ///
    /// @throws IOException naming what could not be opened; the torrent fails with it
    PieceStore open(Metainfo metainfo) throws IOException;

    /// Chooses what is wanted, now that the files are known.
    ///
    /// @param asked what was asked for by numbers before: by the user, or else by the link (BEP 53)
    /// @throws IOException if the choice fits nothing; the torrent fails with it
    default Selection select(Metainfo metainfo, Selection asked) throws IOException {
        return asked;
    }
}
