package dev.thistle.engine.peers;

import dev.thistle.engine.settings.SeedChoking;
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
/// have everything, as [SeedChoking] says. One slot is optimistic: it goes to a random other peer
/// for a while, so that newcomers can show what they can do. Snubbing peers get no slot but the
/// optimistic one.
///
/// Pure; owned by the torrent's thread.
public final class Choker {

    /// What is known of one interested peer.
    ///
    /// @param number names the peer
    /// @param receivedBytes what it sent us since the last round
    /// @param sentBytes what we sent it since the last round
    /// @param hasPermille how much of the torrent it has, 0 to 1,000
    /// @param unchokedSinceNanos when it last got a slot; for one without a slot, when it lost it
    ///   or connected
    /// @param isUnchoked whether it has a slot now
    /// @param isSnubbing whether it owes us blocks and sends none
    public record Interested(
            int number,
            long receivedBytes,
            long sentBytes,
            int hasPermille,
            long unchokedSinceNanos,
            boolean isUnchoked,
            boolean isSnubbing) {}

    /// How long a leecher keeps a seed's slot while others wait.
    private static final Duration SEED_TURN = Duration.ofSeconds(60);

    private static final int HALF = 500;

    private static final int NOBODY = -1;

    private final long optimisticNanos;
    private final SeedChoking seedChoking;
    private final RandomGenerator random;
    private int optimistic = NOBODY;
    private long optimisticSinceNanos;

    /// A choker that has chosen nobody yet.
    ///
    /// @param seedChoking to whom the others go once we have everything
    public Choker(Duration optimisticInterval, SeedChoking seedChoking, RandomGenerator random) {
        this.seedChoking = seedChoking;
        this.optimisticNanos = optimisticInterval.toNanos();
        this.random = random;
    }

    /// Who shall be unchoked from now on; everybody else is choked.
    ///
    /// @param peers the interested ones
    /// @param slots peers unchoked at a time, the optimistic one included
    /// @param weAreSeed whether there is nothing left for us to download
    public Set<Integer> choose(
            List<Interested> peers, int slots, boolean weAreSeed, long nowNanos) {
        var chosen = new TreeSet<Integer>();
        if (peers.size() <= slots) {
            peers.forEach(peer -> chosen.add(peer.number()));
        }
        if (peers.size() <= slots || slots == 0) {
            return chosen;
        }
        chooseOptimistic(peers, nowNanos);
        chosen.add(optimistic);
        List<Interested> ranked = new ArrayList<>(peers);
        ranked.sort(weAreSeed ? seedOrder(nowNanos) : byWorth());
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

    private Comparator<Interested> seedOrder(long nowNanos) {
        return switch (seedChoking) {
            case ROUND_ROBIN -> byTurn(nowNanos);
            case FASTEST_UPLOAD ->
                    Comparator.comparingLong(Interested::sentBytes)
                            .reversed()
                            .thenComparing(byTurn(nowNanos));
            case ANTI_LEECH ->
                    Comparator.comparingInt(
                                    (Interested peer) -> Math.abs(peer.hasPermille() - HALF))
                            .reversed()
                            .thenComparing(byTurn(nowNanos));
        };
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
