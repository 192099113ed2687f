/// A BitTorrent peer: sessions, torrents, pieces, peers, discovery.
module dev.thistle.engine {
    requires static org.jspecify;
    requires transitive dev.thistle.protocol;
    requires transitive dev.thistle.net;

    exports dev.thistle.engine;
    exports dev.thistle.engine.creation;
    exports dev.thistle.engine.event;
    exports dev.thistle.engine.settings;
    exports dev.thistle.engine.snapshot;
    exports dev.thistle.engine.storage;
}
