package dev.thistle.engine.torrent;

import dev.thistle.engine.limits.CallQuota;
import dev.thistle.engine.peers.Candidates;
import dev.thistle.engine.peers.Candidates.Call;
import dev.thistle.engine.peers.Candidates.Kind;
import dev.thistle.engine.peers.Greeted;
import dev.thistle.engine.peers.Greeter;
import dev.thistle.engine.peers.Greeter.NoMseException;
import dev.thistle.engine.settings.EncryptionPolicy;
import dev.thistle.net.Link;
import dev.thistle.net.Network;
import dev.thistle.protocol.PeerAddress;
import dev.thistle.protocol.peer.Handshake;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Calls peers: chooses on the torrent's thread, then lets each call run on a virtual thread of its
/// own that ends in one event.
final class Dialer {

    private static final Logger LOG = System.getLogger(Dialer.class.getName());

    private final Candidates candidates;
    private final EncryptionPolicy policy;
    private final Network network;
    private final Greeter greeter;
    private final Duration patience;
    private final EncounterCount encounters;
    private final int maxDialing;
    private final CallQuota quota;
    private final Supplier<Salutation> salutation;
    private final Consumer<TorrentEvent> torrent;
    private final Set<Thread> calls = ConcurrentHashMap.newKeySet();
    private volatile boolean hungUp;
    private int dialing;

    Dialer(
            Candidates candidates,
            EncryptionPolicy policy,
            Network network,
            Greeter greeter,
            Duration patience,
            EncounterCount encounters,
            int maxDialing,
            CallQuota quota,
            Supplier<Salutation> salutation,
            Consumer<TorrentEvent> torrent) {
        this.candidates = candidates;
        this.policy = policy;
        this.network = network;
        this.greeter = greeter;
        this.patience = patience;
        this.encounters = encounters;
        this.maxDialing = maxDialing;
        this.quota = quota;
        this.salutation = salutation;
        this.torrent = torrent;
    }

    Candidates candidates() {
        return candidates;
    }

    /// Starts as many calls as there is room and reason for.
    ///
    /// @param connected peers there are
    /// @param room peers there may be
    void tick(int connected, int room, long nowNanos) {
        while (dialing < maxDialing && connected + dialing < room) {
            if (!quota.tryBegin()) {
                return;
            }
            Optional<Call> call = candidates.next(nowNanos, connected == 0);
            if (call.isEmpty()) {
                quota.takeBack();
                return;
            }
            dialing++;
            Thread thread = Thread.ofVirtual().name("dial").unstarted(() -> dial(call.get()));
            calls.add(thread);
            thread.start();
        }
    }

    private void dial(Call call) {
        TorrentEvent outcome = outcome(call);
        deregister();
        torrent.accept(outcome);
    }

    /// From here on [#hangUp] interrupts this call no more, and the outcome is told undisturbed.
    private synchronized void deregister() {
        calls.remove(Thread.currentThread());
        var _ = Thread.interrupted();
    }

    private TorrentEvent outcome(Call call) {
        Kind kind = call.first();
        try {
            Greeted greeted;
            try {
                greeted = attempt(call, kind);
            } catch (IOException failed) {
                if (hungUp || !call.mayFallBack() || !suggestsTheOther(kind, failed)) {
                    throw failed;
                }
                kind = kind == Kind.MSE ? Kind.PLAINTEXT : Kind.MSE;
                greeted = attempt(call, kind);
                encounters.fellBack();
            }
            return new TorrentEvent.Reached(call.address(), kind, greeted);
        } catch (IOException failed) {
            return new TorrentEvent.CallFailed(
                    call.address(),
                    failed instanceof NoMseException,
                    String.valueOf(failed.getMessage()));
        } catch (RuntimeException | OutOfMemoryError bug) {
            LOG.log(Level.ERROR, "call to {0} dropped: {1}", call.address(), bug);
            return new TorrentEvent.CallFailed(call.address(), false, "internal error: " + bug);
        }
    }

    /// A peer that was reached but did not answer may want the other kind; one that could not be
    /// reached says nothing about it.
    private static boolean suggestsTheOther(Kind tried, IOException failed) {
        return switch (tried) {
            case MSE -> failed instanceof NoMseException;
            case PLAINTEXT -> !(failed instanceof UnreachableException);
        };
    }

    private static final class UnreachableException extends IOException {
        UnreachableException(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }

    private Greeted attempt(Call call, Kind kind) throws IOException {
        Link link;
        try {
            PeerAddress address = call.address();
            var remote =
                    new InetSocketAddress(InetAddress.getByAddress(address.ip()), address.port());
            link = network.connect(remote, patience);
        } catch (IOException failed) {
            throw new UnreachableException(failed);
        }
        try {
            Salutation names = salutation.get();
            Handshake ours = names.call(call.inV2Swarm());
            return switch (kind) {
                case PLAINTEXT -> greeter.callPlain(link, ours, names.answers());
                case MSE -> greeter.callMse(link, ours, names.answers(), policy.offer());
            };
        } catch (IOException | RuntimeException | OutOfMemoryError failed) {
            link.close();
            if (kind == Kind.MSE && failed instanceof IOException trouble && !hungUp) {
                encounters.failed(trouble);
            }
            throw failed;
        }
    }

    void reached(TorrentEvent.Reached event) {
        dialing--;
        quota.ended();
        candidates.connected(event.address(), event.kind());
    }

    void failed(TorrentEvent.CallFailed event) {
        dialing--;
        quota.ended();
        candidates.failed(event.address(), event.noMse());
    }

    /// Ends all calls that are under way; each still ends in its event.
    synchronized void hangUp() {
        hungUp = true;
        calls.forEach(Thread::interrupt);
    }

    /// Calls that have not ended yet.
    int dialing() {
        return dialing;
    }
}
