package dev.thistle.engine.torrent;

import dev.thistle.engine.limits.HomeNetwork;
import dev.thistle.engine.peers.Candidates;
import dev.thistle.engine.peers.Hearsay;
import dev.thistle.engine.snapshot.Protection;
import dev.thistle.protocol.PeerAddress;
import dev.thistle.protocol.peer.Extension;
import dev.thistle.protocol.peer.ExtensionMessage.ExchangedPeer;
import dev.thistle.protocol.peer.ExtensionMessage.PeersChanged;
import dev.thistle.protocol.peer.PeerExchangeCodec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// Tells peers of each other, and listens to what they tell (BEP 11). Told of are peers that are
/// connected and known to accept callers; what is heard becomes candidates, from each peer a few.
/// Never used for private torrents (BEP 27). Owned by the torrent's thread.
final class PeerExchange {

    /// Least time between two messages to one peer.
    static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(60);

    /// Peers met and lost in one message, together.
    static final int MAX_CHANGES = 50;

    /// Messages of one peer within [#INTERVAL_NANOS]; libtorrent hangs up on the seventh as well.
    static final int MAX_HEARD = 6;

    /// New addresses that count from one peer at once: libtorrent's `max_pex_peers`.
    static final int MAX_FROM_ONE = 50;

    /// And one more each minute, so that who invents peers has little of the room for them.
    private static final double FROM_ONE_PER_SECOND = 1.0 / 60;

    /// Ports below are those of other services, which somebody might want to have called.
    private static final int LEAST_PORT = 1024;

    /// What passed between us and one peer.
    static final class Exchanged {
        private final Set<PeerAddress> told = new HashSet<>();
        private final FloodGate named;
        private boolean hasTold;
        private long toldAtNanos;
        private int messages;
        private long countedSinceNanos;

        Exchanged(long nowNanos) {
            named = new FloodGate(MAX_FROM_ONE, FROM_ONE_PER_SECOND, nowNanos);
        }
    }

    private final Swarm swarm;
    private final Candidates candidates;
    private final boolean isPrivate;

    PeerExchange(Swarm swarm, Candidates candidates, boolean isPrivate) {
        this.swarm = swarm;
        this.candidates = candidates;
        this.isPrivate = isPrivate;
    }

    /// A peer tells of others.
    void heard(Peer peer, PeersChanged changed, long nowNanos) {
        Exchanged record = peer.exchange;
        if (record.messages == 0 || nowNanos - record.countedSinceNanos >= INTERVAL_NANOS) {
            record.messages = 0;
            record.countedSinceNanos = nowNanos;
        }
        if (++record.messages > MAX_HEARD) {
            peer.connection.close("tells of peers more often than six times a minute");
            return;
        }
        if (isPrivate) {
            return;
        }
        for (ExchangedPeer met : changed.added()) {
            if (met.address().port() >= LEAST_PORT
                    && (candidates.knows(met.address()) || record.named.pass(nowNanos))) {
                candidates.addFromPeer(met.address(), hearsay(met.flags()));
            }
        }
    }

    private static Hearsay hearsay(int flags) {
        return Hearsay.ofPeer(
                (flags & PeerExchangeCodec.PREFERS_ENCRYPTION) != 0,
                (flags & PeerExchangeCodec.UPLOAD_ONLY) != 0);
    }

    /// Tells the peer what has changed, if it is time to.
    void tick(Peer peer, long nowNanos) {
        Exchanged record = peer.exchange;
        boolean isTime = !record.hasTold || nowNanos - record.toldAtNanos >= INTERVAL_NANOS;
        if (isPrivate || !isTime || !peer.takes(Extension.UT_PEX)) {
            return;
        }
        var here = new HashSet<PeerAddress>();
        var added = new ArrayList<ExchangedPeer>();
        for (Peer other : swarm.all()) {
            if (other != peer && mayBeTold(peer, other)) {
                PeerAddress address = other.listensAt().orElseThrow();
                here.add(address);
                if (added.size() < MAX_CHANGES && !record.told.contains(address)) {
                    added.add(new ExchangedPeer(address, flags(other)));
                }
            }
        }
        List<PeerAddress> dropped =
                record.told.stream()
                        .filter(address -> !here.contains(address))
                        .limit(MAX_CHANGES - added.size())
                        .toList();
        if (added.isEmpty() && dropped.isEmpty()) {
            return;
        }
        record.hasTold = true;
        record.toldAtNanos = nowNanos;
        added.forEach(met -> record.told.add(met.address()));
        dropped.forEach(record.told::remove);
        peer.tell(new PeersChanged(added, dropped));
    }

    /// Whether a peer that is of no other use may still have others to tell of, and we it: for the
    /// first minute (BEP 21).
    boolean goesOn(Peer peer, long nowNanos) {
        return !isPrivate
                && peer.takes(Extension.UT_PEX)
                && nowNanos - peer.joinedNanos < INTERVAL_NANOS;
    }

    /// Addresses of a private network mean nothing, or somebody else, outside of it.
    private static boolean mayBeTold(Peer peer, Peer other) {
        return other.listensAt().filter(PeerAddress::isDialable).isPresent()
                && !other.listensAt().equals(peer.listensAt())
                && (!isLocal(other) || isLocal(peer));
    }

    private static boolean isLocal(Peer peer) {
        return HomeNetwork.contains(peer.connection.remote().getAddress());
    }

    private static int flags(Peer peer) {
        boolean speaksMse = peer.connection.protection() != Protection.PLAINTEXT;
        return (speaksMse || peer.prefersEncryption ? PeerExchangeCodec.PREFERS_ENCRYPTION : 0)
                | (peer.isUploadOnly || peer.joinedAsSeed ? PeerExchangeCodec.UPLOAD_ONLY : 0)
                | (peer.connection.isIncoming() ? 0 : PeerExchangeCodec.REACHABLE);
    }
}
