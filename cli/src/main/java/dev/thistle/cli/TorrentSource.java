package dev.thistle.cli;

import dev.thistle.engine.Torrent;
import dev.thistle.engine.settings.TorrentSettings;
import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.metainfo.Magnet;
import dev.thistle.protocol.metainfo.Metainfo;
import java.io.IOException;
import java.util.Locale;

/// What `thistle get` is given.
sealed interface TorrentSource {

    InfoHash infoHash();

    /// Whether it says where to download from.
    boolean namesSources();

    /// Adds the torrent.
    Torrent start(Client client, TargetFolder target, TorrentSettings settings) throws IOException;

    /// A `.torrent`.
    record File(Metainfo metainfo) implements TorrentSource {
        @Override
        public InfoHash infoHash() {
            return metainfo.infoHash();
        }

        @Override
        public boolean namesSources() {
            return !metainfo.announceList().isEmpty()
                    || !metainfo.obfuscateAnnounceList().isEmpty()
                    || !metainfo.webSeeds().isEmpty();
        }

        @Override
        public Torrent start(Client client, TargetFolder target, TorrentSettings settings)
                throws IOException {
            var selection = target.select(metainfo, settings.selection());
            var store = target.open(metainfo);
            return client.add(metainfo, store, settings.withSelection(selection));
        }
    }

    /// A magnet link: the rest comes from peers.
    record Link(Magnet magnet) implements TorrentSource {
        @Override
        public InfoHash infoHash() {
            return magnet.infoHashes().primary();
        }

        @Override
        public boolean namesSources() {
            return !magnet.trackers().isEmpty() || !magnet.peers().isEmpty();
        }

        @Override
        public Torrent start(Client client, TargetFolder target, TorrentSettings settings) {
            return client.add(magnet, target, settings);
        }
    }

    /// Reads what a user gave.
    ///
    /// @param from a path, an http or https address, or a magnet link
    static TorrentSource read(String from, Patience patience)
            throws IOException, InterruptedException {
        if (!from.strip().toLowerCase(Locale.ROOT).startsWith("magnet:")) {
            return new File(TorrentFiles.read(from, patience));
        }
        try {
            return new Link(Magnet.parse(from));
        } catch (MalformedException malformed) {
            throw new IOException("magnet link: " + malformed.getMessage(), malformed);
        }
    }
}
