package dev.thistle.engine.torrent;

import dev.thistle.engine.peers.BanList;
import dev.thistle.engine.peers.Greeted;
import dev.thistle.engine.peers.PeerRanking;
import dev.thistle.protocol.PeerAddress;
import dev.thistle.protocol.PeerId;
import dev.thistle.protocol.peer.PeerMessage;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Who is connected, and who may be. Owned by the torrent's thread.
final class Swarm {

    private final PeerId ourId;
    private final int maxPeers;
    private final Map<Integer, Peer> peers = new LinkedHashMap<>();
    private final BanList bans;
    private final Supplier<PeerRanking> ranking;

    /// @param bans of the session
    /// @param ranking as well as it is known; may change
    Swarm(PeerId ourId, int maxPeers, BanList bans, Supplier<PeerRanking> ranking) {
        this.ranking = ranking;
        this.ourId = ourId;
        this.maxPeers = maxPeers;
        this.bans = bans;
    }

    Collection<Peer> all() {
        return peers.values();
    }

    int size() {
        return peers.size();
    }

    @Nullable Peer peer(int number) {
        return peers.get(number);
    }

    void add(Peer peer) {
        peers.put(peer.number(), peer);
    }

    void remove(Peer peer) {
        peers.remove(peer.number());
    }

    void sayToAll(PeerMessage message) {
        peers.values().forEach(peer -> peer.connection.say(message));
    }

    /// Nobody in the session talks to this address any more; who is connected here is hung up on.
    void ban(InetAddress address, String reason) {
        bans.ban(address, reason, Optional.empty());
        closeAll(address, reason);
    }

    private void closeAll(InetAddress address, String reason) {
        for (Peer peer : peers.values()) {
            if (peer.connection.remote().getAddress().equals(address)) {
                peer.connection.close(reason);
            }
        }
    }

    /// Hangs up on those that were banned elsewhere.
    void closeBanned() {
        for (Peer peer : peers.values()) {
            if (bans.isBanned(peer.connection.remote().getAddress())) {
                peer.connection.close("is banned");
            }
        }
    }

    boolean isOurselves(Greeted greeted) {
        return greeted.handshake().peerId().equals(ourId);
    }

    boolean isBanned(Greeted greeted) {
        return bans.isBanned(greeted.link().remote().getAddress());
    }

    /// Lets the connected peer with this id stand for `address`, if it has none yet.
    boolean giveAddress(Greeted greeted, PeerAddress address) {
        for (Peer peer : peers.values()) {
            if (isSame(peer, greeted) && peer.calledAt.isEmpty()) {
                peer.calledAt = Optional.of(address);
                return true;
            }
        }
        return false;
    }

    /// Takes the address from the connection to this peer that is being replaced.
    Optional<PeerAddress> takeAddress(Greeted greeted) {
        for (Peer peer : peers.values()) {
            if (isSame(peer, greeted) && peer.calledAt.isPresent()) {
                Optional<PeerAddress> address = peer.calledAt;
                peer.calledAt = Optional.empty();
                return address;
            }
        }
        return Optional.empty();
    }

    private static boolean isSame(Peer peer, Greeted greeted) {
        return peer.connection.peerId().equals(greeted.handshake().peerId());
    }

    /// Why this peer may not join, if it may not. Of two connections to one peer both ends keep the
    /// one that the side with the greater peer id opened, which is libtorrent's rule; the other is
    /// closed here when it is the older one.
    Optional<String> refusal(Greeted greeted) {
        if (isOurselves(greeted)) {
            return Optional.of("is ourselves");
        }
        if (isBanned(greeted)) {
            return Optional.of("is banned");
        }
        PeerId theirId = greeted.handshake().peerId();
        boolean replaces = false;
        for (Peer peer : peers.values()) {
            if (isSame(peer, greeted)) {
                boolean weAreGreater = ourId.compareTo(theirId) > 0;
                boolean newIsTheGreatersCall = weAreGreater != greeted.isIncoming();
                if (peer.connection.isIncoming() == greeted.isIncoming() || !newIsTheGreatersCall) {
                    return Optional.of("is connected already");
                }
                peer.connection.close("replaced by its other connection");
                replaces = true;
            }
        }
        if (!replaces && isFull() && !makeWayFor(greeted)) {
            return Optional.of("is one more than the %d peers allowed".formatted(maxPeers));
        }
        return Optional.empty();
    }

    private boolean isFull() {
        return peers.values().stream().filter(peer -> !peer.gaveWay).count() >= maxPeers;
    }

    /// Hangs up on the peer of the lowest rank, if the newcomer's is higher (BEP 40): so nobody can
    /// take all places by being first. Who is exchanging blocks with us stays.
    private boolean makeWayFor(Greeted newcomer) {
        PeerRanking ranks = ranking.get();
        long rank = ranks.of(address(newcomer.link().remote()));
        Peer worst = null;
        long worstRank = rank;
        for (Peer peer : peers.values()) {
            boolean isIdle = peer.weChokeIt && peer.connection.askedCount() == 0;
            long peersRank = ranks.of(address(peer.connection.remote()));
            if (isIdle && !peer.gaveWay && peersRank >= 0 && peersRank < worstRank) {
                worst = peer;
                worstRank = peersRank;
            }
        }
        if (worst == null) {
            return false;
        }
        worst.gaveWay = true;
        worst.connection.close("gives way to a peer of higher priority");
        return true;
    }

    private static PeerAddress address(InetSocketAddress remote) {
        return PeerAddress.of(remote.getAddress().getAddress(), remote.getPort());
    }
}
