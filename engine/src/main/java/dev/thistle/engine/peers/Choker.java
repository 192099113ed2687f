package dev.thistle.engine.peers;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/// Decides who may download from us (BEP 3, tit for tat).
///
/// While we download, the slots go to the peers that sent us most since the last round; once we
/// have everything, round robin: to those that have waited longest, so that every leecher gets its
/// turn. One slot is optimistic: it goes to a random other peer for a while, so that newcomers can
/// show what they can do. Snubbing peers get no slot but the optimistic one.
///
/// Pure; owned by the torrent's thread.
public final class Choker {

    /// What is known of one interested peer.
    ///
    /// @param number names the peer
    /// @param receivedBytes what it sent us since the last round
    /// @param unchokedSinceNanos when it last got a slot; for one without a slot, when it lost it
    ///   or connected
    /// @param isUnchoked whether it has a slot now
    /// @param isSnubbing whether it owes us blocks and sends none
    public record Interested(
            int number,
            long receivedBytes,
            long unchokedSinceNanos,
            boolean isUnchoked,
            boolean isSnubbing) {}

    /// How long a leecher keeps a seed's slot while others wait.
    private static final Duration SEED_TURN = Duration.ofSeconds(60);

    private static final int NOBODY = -1;

    private final int slots;
    private final long optimisticNanos;
    private final RandomGenerator random;
    private int optimistic = NOBODY;
    private long optimisticSinceNanos;

    /// A choker that has chosen nobody yet.
    ///
    /// @param slots peers unchoked at a time, the optimistic one included
    public Choker(int slots, Duration optimisticInterval, RandomGenerator random) {
        this.slots = slots;
        this.optimisticNanos = optimisticInterval.toNanos();
        this.random = random;
    }

    /// Who shall be unchoked from now on; everybody else is choked.
    ///
    /// @param peers the interested ones
    /// @param weAreSeed whether there is nothing left for us to download
    public Set<Integer> choose(List<Interested> peers, boolean weAreSeed, long nowNanos) {
        var chosen = new TreeSet<Integer>();
        if (peers.size() <= slots) {
            peers.forEach(peer -> chosen.add(peer.number()));
            return chosen;
        }
        chooseOptimistic(peers, nowNanos);
        chosen.add(optimistic);
        List<Interested> ranked = new ArrayList<>(peers);
        ranked.sort(weAreSeed ? byTurn(nowNanos) : byWorth());
        for (Interested peer : ranked) {
            if (chosen.size() < slots && (weAreSeed || !peer.isSnubbing())) {
                chosen.add(peer.number());
            }
        }
        return chosen;
    }

    private void chooseOptimistic(List<Interested> peers, long nowNanos) {
        boolean there = peers.stream().anyMatch(peer -> peer.number() == optimistic);
        if (there && nowNanos - optimisticSinceNanos < optimisticNanos) {
            return;
        }
        List<Interested> waiting = peers.stream().filter(peer -> !peer.isUnchoked()).toList();
        List<Interested> from = waiting.isEmpty() ? peers : waiting;
        optimistic = from.get(random.nextInt(from.size())).number();
        optimisticSinceNanos = nowNanos;
    }

    private static Comparator<Interested> byWorth() {
        return Comparator.comparingLong(Interested::receivedBytes)
                .reversed()
                .thenComparing(peer -> !peer.isUnchoked());
    }

    /// Those in their turn stay; then those who waited longest; last those whose turn is over.
    private static Comparator<Interested> byTurn(long nowNanos) {
        return Comparator.comparingInt(
                        (Interested peer) -> {
                            boolean over =
                                    nowNanos - peer.unchokedSinceNanos() >= SEED_TURN.toNanos();
                            return peer.isUnchoked() ? (over ? 2 : 0) : 1;
                        })
                .thenComparingLong(peer -> peer.unchokedSinceNanos() - nowNanos);
    }
}
