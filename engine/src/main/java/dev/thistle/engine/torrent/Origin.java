package dev.thistle.engine.torrent;

import dev.thistle.engine.storage.PieceStore;
import dev.thistle.engine.storage.PieceStores;
import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.metainfo.Magnet;
import dev.thistle.protocol.metainfo.Metainfo;

/// What a torrent starts from.
public sealed interface Origin {

    InfoHash infoHash();

    /// For people.
    String name();

    /// Everything is known.
    record Whole(Metainfo metainfo, PieceStore store) implements Origin {
        @Override
        public InfoHash infoHash() {
            return metainfo.infoHash();
        }

        @Override
        public String name() {
            return metainfo.name();
        }
    }

    /// The name is known, and perhaps where to ask (BEP 9).
    record Link(InfoHash infoHash, Magnet magnet, PieceStores stores) implements Origin {
        @Override
        public String name() {
            return magnet.name().orElse(infoHash.toString());
        }
    }
}
