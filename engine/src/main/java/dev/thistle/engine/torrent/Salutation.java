package dev.thistle.engine.torrent;

import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.InfoHashes;
import dev.thistle.protocol.PeerId;
import dev.thistle.protocol.peer.Handshake;
import java.util.List;

/// Our side of the 68 bytes for one torrent. A hybrid is called by its v1 name with an offer to
/// upgrade; whoever is offered that and knows the v2 name answers with it, and from then on both
/// may speak of hashes (BEP 52). Peers of its v2 swarm are called by that name at once.
///
/// @param names all that are known of the torrent
public record Salutation(InfoHashes names, PeerId ourId) {

    private static final long USUAL = Handshake.EXTENDED | Handshake.FAST;

    /// How we call somebody.
    ///
    /// @param inV2Swarm the peer was found under the name of v2
    public Handshake call(boolean inV2Swarm) {
        InfoHash name = inV2Swarm ? names.v2Truncated().orElse(names.primary()) : names.primary();
        long offer = names.isHybrid() ? Handshake.UPGRADES_TO_V2 : 0;
        return new Handshake(USUAL | offer, name, ourId);
    }

    /// The names by which whom we call may answer.
    public List<InfoHash> answers() {
        return names.all();
    }

    /// How we answer a caller.
    ///
    /// @param asked the name that it called
    /// @param reserved its capability bits
    public Handshake answer(InfoHash asked, long reserved) {
        boolean upgrades = (reserved & Handshake.UPGRADES_TO_V2) != 0;
        InfoHash name = upgrades ? names.v2Truncated().orElse(asked) : asked;
        return new Handshake(USUAL, name, ourId);
    }
}
