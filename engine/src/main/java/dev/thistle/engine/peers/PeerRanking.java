package dev.thistle.engine.peers;

import dev.thistle.protocol.PeerAddress;
import dev.thistle.protocol.peer.PeerPriority;
import java.net.InetAddress;
import java.util.Optional;

/// How much we should want which peer: the canonical priority of BEP 40, which needs our own
/// address as the world sees it. Immutable, for any thread.
public record PeerRanking(Optional<PeerAddress> ipv4, Optional<PeerAddress> ipv6) {

    /// The rank of everybody while our address is not known.
    static final long NO_RANK = -1;

    /// Ranks peers for us.
    ///
    /// @param ipv4 our address as the world sees it, if it is known
    /// @param port where we accept callers
    public static PeerRanking of(Optional<InetAddress> ipv4, Optional<InetAddress> ipv6, int port) {
        return new PeerRanking(
                ipv4.map(ip -> PeerAddress.of(ip.getAddress(), port)),
                ipv6.map(ip -> PeerAddress.of(ip.getAddress(), port)));
    }

    /// The higher the better; -1 for all of a family in which we do not know our address.
    public long of(PeerAddress peer) {
        return (peer.isV4() ? ipv4 : ipv6)
                .map(ours -> PeerPriority.between(ours, peer))
                .orElse(NO_RANK);
    }
}
