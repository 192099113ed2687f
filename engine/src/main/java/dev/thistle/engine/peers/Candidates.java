package dev.thistle.engine.peers;

import dev.thistle.engine.settings.EncryptionPolicy;
import dev.thistle.protocol.PeerAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// Knows where peers may listen, whom to call next and whether to try MSE or plaintext first.
///
/// Addresses that never were tried come first, those of the highest rank before all (BEP 40), then
/// the one tried longest ago; nobody is called again before `redialAfter`, and after
/// [#MAX_FAILURES] failures in a row an address is forgotten. What worked at an address is
/// remembered; before that, who is said to prefer MSE is called so. A seed does not call seeds.
/// Peers from an obfuscated announce are called by MSE, since a plaintext handshake would name the
/// torrent that the announce hid; plaintext is tried there only when every address that is of use
/// was called and nobody is connected or being called (BEP 8, section on the client's behaviour).
///
/// Pure; owned by the torrent's thread.
public final class Candidates {

    /// libtorrent's limit of a peer list.
    public static final int MAX_KNOWN = 3000;

    /// Of these, so many that nobody but other peers has named: however many they name, there is
    /// room for what trackers and users do.
    public static final int MAX_NAMED_BY_PEERS = MAX_KNOWN / 2;

    /// libtorrent's `max_failcount`.
    public static final int MAX_FAILURES = 3;

    /// One call to be made.
    ///
    /// @param first how it begins
    /// @param mayFallBack whether the other kind may follow at once when the first is not
    ///   understood
    /// @param inV2Swarm whether a hybrid is called by its v2 name there
    public record Call(PeerAddress address, Kind first, boolean mayFallBack, boolean inV2Swarm) {}

    /// How a call begins.
    public enum Kind {
        PLAINTEXT,
        MSE
    }

    private static final class Known {
        Hearsay hearsay;
        boolean isNamedByPeersAlone;
        long rank;
        boolean busy;
        int failures;
        long triedAtNanos;
        boolean tried;
        Optional<Kind> worked = Optional.empty();
        boolean noMse;

        Known(Hearsay hearsay, boolean isNamedByPeersAlone, long rank) {
            this.hearsay = hearsay;
            this.isNamedByPeersAlone = isNamedByPeersAlone;
            this.rank = rank;
        }
    }

    private final EncryptionPolicy policy;
    private final long redialAfterNanos;
    private final Supplier<PeerRanking> latestRanking;
    private final Map<PeerAddress, Known> known = new LinkedHashMap<>();

    /// Never to be called; starts anew when there are more than [#MAX_KNOWN].
    private final Set<PeerAddress> forgotten = new HashSet<>();

    private int namedByPeersAlone;
    private PeerRanking ranking;
    private boolean areSeedsOfUse = true;

    /// Knows nobody yet.
    ///
    /// @param ranking as well as it is known; may change
    public Candidates(
            EncryptionPolicy policy, Duration redialAfter, Supplier<PeerRanking> ranking) {
        this.policy = policy;
        this.redialAfterNanos = redialAfter.toNanos();
        this.latestRanking = ranking;
        this.ranking = ranking.get();
    }

    /// Whether peers that want nothing are called: not while we want nothing ourselves.
    public void callSeeds(boolean areOfUse) {
        areSeedsOfUse = areOfUse;
    }

    /// Knows nobody any more, as at the beginning.
    public void clear() {
        known.clear();
        namedByPeersAlone = 0;
    }

    /// Remembers an address that a tracker or a user named, if it can be called and there is room.
    public void add(PeerAddress address, Hearsay hearsay) {
        add(address, hearsay, false);
    }

    /// Remembers an address that another peer named, if it can be called and there is room for
    /// such.
    public void addFromPeer(PeerAddress address, Hearsay hearsay) {
        add(address, hearsay, true);
    }

    private void add(PeerAddress address, Hearsay hearsay, boolean byPeer) {
        Known before = known.get(address);
        if (before != null) {
            before.hearsay = before.hearsay.and(hearsay);
            if (!byPeer) {
                vouchedFor(before);
            }
        } else if (address.isDialable() && !forgotten.contains(address) && hasRoom(byPeer)) {
            known.put(address, new Known(hearsay, byPeer, ranking.of(address)));
            namedByPeersAlone += byPeer ? 1 : 0;
        }
    }

    private void vouchedFor(Known candidate) {
        namedByPeersAlone -= candidate.isNamedByPeersAlone ? 1 : 0;
        candidate.isNamedByPeersAlone = false;
    }

    private boolean hasRoom(boolean byPeer) {
        if (byPeer) {
            return known.size() < MAX_KNOWN && namedByPeersAlone < MAX_NAMED_BY_PEERS;
        }
        return known.size() < MAX_KNOWN || makeRoom();
    }

    /// In place of the oldest that only peers have named, if nobody talks to it.
    private boolean makeRoom() {
        for (var entry : known.entrySet()) {
            if (entry.getValue().isNamedByPeersAlone && !entry.getValue().busy) {
                remove(entry.getKey());
                return true;
            }
        }
        return false;
    }

    private void remove(PeerAddress address) {
        Known gone = known.remove(address);
        if (gone != null) {
            vouchedFor(gone);
        }
    }

    /// Whether an address is remembered, be it never to be called.
    public boolean knows(PeerAddress address) {
        return known.containsKey(address) || forgotten.contains(address);
    }

    /// All ranks change when we learn what our address is, which happens seldom.
    private void rank() {
        PeerRanking latest = latestRanking.get();
        if (!latest.equals(ranking)) {
            ranking = latest;
            known.forEach((address, candidate) -> candidate.rank = latest.of(address));
        }
    }

    public int size() {
        return known.size();
    }

    /// Whom to call now, if anybody.
    ///
    /// @param nobodyConnected only then is plaintext tried with peers whose addresses came
    ///   obfuscated
    public Optional<Call> next(long nowNanos, boolean nobodyConnected) {
        rank();
        boolean alone =
                nobodyConnected
                        && known.values().stream()
                                .allMatch(peer -> isOfNoUse(peer) || (peer.tried && !peer.busy));
        PeerAddress best = null;
        Known bestKnown = null;
        for (var entry : known.entrySet()) {
            Known candidate = entry.getValue();
            boolean due =
                    !candidate.busy
                            && !isOfNoUse(candidate)
                            && (!candidate.tried
                                    || nowNanos - candidate.triedAtNanos >= redialAfterNanos);
            if (due
                    && kinds(candidate, alone).isPresent()
                    && (bestKnown == null || comesBefore(candidate, bestKnown))) {
                best = entry.getKey();
                bestKnown = candidate;
            }
        }
        if (best == null || bestKnown == null) {
            return Optional.empty();
        }
        bestKnown.busy = true;
        bestKnown.tried = true;
        bestKnown.triedAtNanos = nowNanos;
        PeerAddress address = best;
        Known chosen = bestKnown;
        return kinds(chosen, alone)
                .map(kind ->
                        new Call(address, kind, mayFallBack(chosen), chosen.hearsay.inV2Swarm()));
    }

    /// Not to be called whatever happens, so nobody waits for it to be.
    private boolean isOfNoUse(Known candidate) {
        return !areSeedsOfUse && candidate.hearsay.isSeed() && !candidate.busy;
    }

    private static boolean comesBefore(Known a, Known b) {
        if (a.tried != b.tried) {
            return !a.tried;
        }
        return a.tried ? a.triedAtNanos - b.triedAtNanos < 0 : a.rank > b.rank;
    }

    private Optional<Kind> kinds(Known candidate, boolean alone) {
        return switch (policy.level()) {
            case OFF -> Optional.of(Kind.PLAINTEXT);
            case REQUIRE -> Optional.of(Kind.MSE);
            case ALLOW, PREFER -> {
                if (candidate.hearsay.isHidden()) {
                    if (!candidate.noMse) {
                        yield Optional.of(Kind.MSE);
                    }
                    yield alone ? Optional.of(Kind.PLAINTEXT) : Optional.empty();
                }
                boolean prefersMse =
                        policy.level() == EncryptionPolicy.Level.PREFER
                                || candidate.hearsay.prefersMse();
                Kind usual = prefersMse ? Kind.MSE : Kind.PLAINTEXT;
                yield Optional.of(
                        candidate.worked.orElse(candidate.noMse ? Kind.PLAINTEXT : usual));
            }
        };
    }

    private boolean mayFallBack(Known candidate) {
        return policy.permitsMse() && policy.permitsPlaintext() && !candidate.hearsay.isHidden();
    }

    /// The call reached a peer.
    public void connected(PeerAddress address, Kind kind) {
        Known candidate = known.get(address);
        if (candidate != null) {
            candidate.failures = 0;
            candidate.worked = Optional.of(kind);
        }
    }

    /// The call did not reach a peer, or the connection is of no use.
    ///
    /// @param noMse whether the other side seems not to speak MSE
    public void failed(PeerAddress address, boolean noMse) {
        Known candidate = known.get(address);
        if (candidate == null) {
            return;
        }
        candidate.busy = false;
        if (noMse && !candidate.noMse) {
            candidate.noMse = true;
            candidate.worked = Optional.empty();
        }
        if (++candidate.failures >= MAX_FAILURES) {
            remove(address);
        }
    }

    /// The connection ended after it had worked.
    public void closed(PeerAddress address) {
        Known candidate = known.get(address);
        if (candidate != null) {
            candidate.busy = false;
        }
    }

    /// Never call this address again, whoever names it: it is our own, or the peer there cheats.
    public void forget(PeerAddress address) {
        remove(address);
        if (forgotten.size() >= MAX_KNOWN) {
            forgotten.clear();
        }
        forgotten.add(address);
    }
}
