package dev.thistle.protocol.mse;

import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.bencode.ByteString;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Finds the torrent that an initiator means, in one look-up however many there are. On the wire it
/// is named by `HASH("req2", SKEY)`, which is the key here.
///
/// Holds the torrents that run and no others: a stopped one must look unknown. A hybrid torrent has
/// two entries, its v1 info-hash and the first 20 bytes of its v2 one. Immutable; adding or
/// removing copies the table.
public final class SkeyIndex {

    /// Nobody may ask for anything.
    public static final SkeyIndex EMPTY = new SkeyIndex(Map.of());

    private final Map<ByteString, InfoHash> torrents;

    private SkeyIndex(Map<ByteString, InfoHash> torrents) {
        this.torrents = torrents;
    }

    /// This index and `torrent`.
    public SkeyIndex with(InfoHash torrent) {
        var more = new HashMap<>(torrents);
        more.put(key(torrent), torrent);
        return new SkeyIndex(more);
    }

    /// This index but for `torrent`.
    public SkeyIndex without(InfoHash torrent) {
        var fewer = new HashMap<>(torrents);
        fewer.remove(key(torrent));
        return new SkeyIndex(fewer);
    }

    private static ByteString key(InfoHash torrent) {
        return ByteString.of(SharedSecret.req2(torrent));
    }

    /// @param req2 what an initiator sent, without the secret's mask
    Optional<InfoHash> find(byte[] req2) {
        return Optional.ofNullable(torrents.get(ByteString.of(req2)));
    }
}
