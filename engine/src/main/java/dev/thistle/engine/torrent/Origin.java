package dev.thistle.engine.torrent;

import dev.thistle.engine.storage.PieceStore;
import dev.thistle.engine.storage.PieceStores;
import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.InfoHashes;
import dev.thistle.protocol.metainfo.Magnet;
import dev.thistle.protocol.metainfo.Metainfo;

/// What a torrent starts from.
public sealed interface Origin {

    /// The name in the session.
    default InfoHash infoHash() {
        return infoHashes().primary();
    }

    /// All names that are known: of a hybrid both, but a link may tell only one.
    InfoHashes infoHashes();

    /// For people.
    String name();

    /// Everything is known.
    record Whole(Metainfo metainfo, PieceStore store) implements Origin {
        @Override
        public InfoHashes infoHashes() {
            return metainfo.infoHashes();
        }

        @Override
        public String name() {
            return metainfo.name();
        }
    }

    /// The name is known, and perhaps where to ask (BEP 9).
    record Link(Magnet magnet, PieceStores stores) implements Origin {
        @Override
        public InfoHashes infoHashes() {
            return magnet.infoHashes();
        }

        @Override
        public String name() {
            return magnet.name().orElse(infoHash().toString());
        }
    }
}
