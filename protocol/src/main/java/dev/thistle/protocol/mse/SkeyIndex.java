package dev.thistle.protocol.mse;

import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.bencode.ByteString;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Finds the torrent an initiator means from `HASH("req2", SKEY)`. Immutable.
public final class SkeyIndex {

    public static final SkeyIndex EMPTY = new SkeyIndex(Map.of());

    private final Map<ByteString, InfoHash> torrents;

    private SkeyIndex(Map<ByteString, InfoHash> torrents) {
        this.torrents = torrents;
    }

    public SkeyIndex with(InfoHash torrent) {
        var more = new HashMap<>(torrents);
        more.put(key(torrent), torrent);
        return new SkeyIndex(more);
    }

    public SkeyIndex without(InfoHash torrent) {
        var fewer = new HashMap<>(torrents);
        fewer.remove(key(torrent));
        return new SkeyIndex(fewer);
    }

    private static ByteString key(InfoHash torrent) {
        return ByteString.of(Keys.req2(torrent));
    }

    Optional<InfoHash> find(byte[] req2) {
        return Optional.ofNullable(torrents.get(ByteString.of(req2)));
    }
}
