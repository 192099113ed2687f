package dev.thistle.engine.torrent;

import dev.thistle.engine.event.SessionEvent;
import dev.thistle.engine.limits.Allowance.Share;
import dev.thistle.engine.peers.Candidates;
import dev.thistle.engine.peers.Greeted;
import dev.thistle.engine.peers.Hearsay;
import dev.thistle.engine.peers.PeerConnection;
import dev.thistle.engine.peers.PeerEvent;
import dev.thistle.engine.settings.EncryptionPolicy;
import dev.thistle.engine.snapshot.Protection;
import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.PeerAddress;
import dev.thistle.protocol.mse.CryptoMethod;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/// Lets peers into the swarm and sees them off: each gets a connection with threads of its own, and
/// what they exchanged still counts when they are gone. Owned by the torrent's thread.
final class Doorkeeper {

    private static final Logger LOG = System.getLogger(Doorkeeper.class.getName());

    private final InfoHash infoHash;
    private final Supplier<Stage> stage;
    private final Duration silencePatience;
    private final Surroundings around;
    private final Share share;
    private final Optional<EncryptionPolicy> incoming;
    private final EncounterCount encounters;
    private final Swarm swarm;
    private final Candidates candidates;
    private final Consumer<PeerEvent> events;
    private int nextNumber;
    private int connections;
    private long downloadedByGone;
    private long uploadedByGone;

    /// @param stage what the torrent is busy with at the moment
    /// @param silencePatience after which a connection that says nothing is closed
    /// @param incoming what callers must have, if the torrent is stricter than its session
    /// @param encounters counts who comes
    /// @param share of the line, for the torrent's connections
    /// @param candidates hear what became of whom we called
    /// @param events of all connections, on their threads
    Doorkeeper(
            InfoHash infoHash,
            Supplier<Stage> stage,
            Duration silencePatience,
            Surroundings around,
            Share share,
            Optional<EncryptionPolicy> incoming,
            EncounterCount encounters,
            Swarm swarm,
            Candidates candidates,
            Consumer<PeerEvent> events) {
        this.infoHash = infoHash;
        this.stage = stage;
        this.silencePatience = silencePatience;
        this.around = around;
        this.share = share;
        this.incoming = incoming;
        this.encounters = encounters;
        this.swarm = swarm;
        this.candidates = candidates;
        this.events = events;
    }

    /// Lets a peer in, or hangs up on it.
    ///
    /// @param calledAt where we called it; empty for one who called us
    void join(Greeted greeted, Optional<PeerAddress> calledAt, long nowNanos) {
        encounters.greeted(greeted);
        Optional<String> refusal =
                notPermitted(greeted).or(this::noRoom).or(() -> notWanted(greeted));
        if (refusal.isPresent()) {
            LOG.log(Level.DEBUG, "{0} {1}", greeted.link().remote(), refusal.get());
            greeted.link().close();
            calledAt.ifPresent(address -> dismiss(greeted, address));
            return;
        }
        var connection =
                new PeerConnection(
                        nextNumber++,
                        greeted,
                        around.buffers(),
                        share.tolls(greeted.link().remote().getAddress()),
                        silencePatience,
                        around.clock(),
                        events);
        Optional<PeerAddress> address = calledAt.or(() -> swarm.takeAddress(greeted));
        var peer = new Peer(connection, address, nowNanos);
        swarm.add(peer);
        connections++;
        around.events()
                .accept(
                        new SessionEvent.PeerJoined(
                                infoHash, connection.remote(), greeted.isIncoming()));
        stage.get().welcome(peer);
        connection.start();
    }

    /// The session has let it in; the torrent may be stricter.
    private Optional<String> notPermitted(Greeted greeted) {
        boolean permitted =
                !greeted.isIncoming()
                        || incoming.map(policy -> permits(policy, greeted.protection()))
                                .orElse(true);
        return permitted
                ? Optional.empty()
                : Optional.of(
                        "has %s, which is not permitted here".formatted(greeted.protection()));
    }

    private static boolean permits(EncryptionPolicy policy, Protection protection) {
        return switch (protection) {
            case PLAINTEXT -> policy.permitsPlaintext();
            case MSE_PLAINTEXT ->
                    policy.permitsMse() && policy.preference().contains(CryptoMethod.PLAINTEXT);
            case MSE_RC4 -> policy.permitsMse() && policy.preference().contains(CryptoMethod.RC4);
        };
    }

    /// Asked last: who is let in may cost another its place.
    private Optional<String> notWanted(Greeted greeted) {
        Optional<String> refusal = swarm.refusal(greeted);
        if (refusal.isPresent()) {
            around.allowance().connections().giveBack();
        }
        return refusal;
    }

    /// Takes one of the session's connections, which [#leave] gives back.
    private Optional<String> noRoom() {
        return around.allowance().connections().tryTake()
                ? Optional.empty()
                : Optional.of("is one more than the connections of the session");
    }

    /// A peer that called us and that we reach as well keeps its address busy while it is here.
    private void dismiss(Greeted greeted, PeerAddress address) {
        if (swarm.isOurselves(greeted) || swarm.isBanned(greeted)) {
            candidates.forget(address);
        } else if (!swarm.giveAddress(greeted, address)) {
            candidates.closed(address);
        }
    }

    /// A connection has ended, and its threads with it.
    void leave(PeerConnection connection, String reason) {
        connections--;
        around.allowance().connections().giveBack();
        Peer peer = swarm.peer(connection.number());
        if (peer == null) {
            return;
        }
        LOG.log(Level.DEBUG, "{0} left: {1}", connection.remote(), reason);
        around.events().accept(new SessionEvent.PeerLeft(infoHash, connection.remote(), reason));
        swarm.remove(peer);
        stage.get().left(peer);
        downloadedByGone += connection.downloadedBytes();
        uploadedByGone += connection.uploadedBytes();
        peer.calledAt.ifPresent(address -> release(address, peer));
    }

    /// Who needs nothing and is not needed is called no more as long as that holds.
    private void release(PeerAddress address, Peer peer) {
        boolean isOver = stage.get().isOverFor(peer);
        if (isOver && stage.get().isComplete()) {
            candidates.forget(address);
            return;
        }
        candidates.closed(address);
        if (isOver && candidates.knows(address)) {
            candidates.addFromPeer(address, Hearsay.ofPeer(peer.prefersEncryption, true));
        }
    }

    /// Gives back what connections hold that do not end in time.
    void end() {
        for (; connections > 0; connections--) {
            around.allowance().connections().giveBack();
        }
    }

    /// How many connections have not ended.
    int connections() {
        return connections;
    }

    /// Payload from all peers, those that are gone included.
    long downloadedBytes() {
        return downloadedByGone + sum(PeerConnection::downloadedBytes);
    }

    /// Payload to all peers, those that are gone included.
    long uploadedBytes() {
        return uploadedByGone + sum(PeerConnection::uploadedBytes);
    }

    private long sum(ToLongFunction<PeerConnection> bytes) {
        long sum = 0;
        for (Peer peer : swarm.all()) {
            sum += bytes.applyAsLong(peer.connection);
        }
        return sum;
    }
}
