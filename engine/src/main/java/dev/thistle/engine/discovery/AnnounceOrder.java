package dev.thistle.engine.discovery;

import dev.thistle.protocol.tracker.AnnounceForm;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/// Which tracker to ask next, and in which form (BEP 12, BEP 8).
///
/// Each tier is shuffled once; trackers are tried in order until one answers, and that one moves to
/// the front of its tier. The obfuscated list comes first, and the clear list only after all of it
/// failed. A tracker that stands in both is asked in the clear last of all. One that stands only in
/// the obfuscated list is never asked in the clear, so nobody on the way can connect its `sha_ih`
/// with an info-hash.
///
///     obfuscated tiers  ->  clear tiers  ->  clear entries of trackers that stand in both
///
/// A tracker that failed waits longer each time, as libtorrent's do. Pure; owned by one thread.
public final class AnnounceOrder {

    /// A tracker and how to speak to it.
    public record Tracker(String url, AnnounceForm form) {}

    /// libtorrent: 5 s + 5 s x failures^2 x `tracker_backoff` (250) / 100, at most an hour.
    private static final long BACKOFF_SECONDS = 5;

    private static final double BACKOFF_GROWTH = 12.5;
    private static final long MAX_BACKOFF_SECONDS = 3600;

    private static final class Standing {
        int failures;
        long retryAtNanos;
        boolean never;
    }

    private final List<List<Tracker>> tiers = new ArrayList<>();
    private final Map<Tracker, Standing> standings = new LinkedHashMap<>();

    /// Shuffles the tiers.
    ///
    /// @param clear the tiers of `announce-list`
    /// @param obfuscated the tiers of `obfuscate-announce-list`
    public AnnounceOrder(
            List<List<String>> clear, List<List<String>> obfuscated, RandomGenerator random) {
        Set<String> hidden = new HashSet<>();
        obfuscated.forEach(hidden::addAll);
        obfuscated.forEach(tier -> addTier(tier, AnnounceForm.OBFUSCATED, random));
        clear.forEach(tier ->
                addTier(
                        tier.stream().filter(url -> !hidden.contains(url)).toList(),
                        AnnounceForm.CLEAR,
                        random));
        addTier(
                clear.stream().flatMap(List::stream).filter(hidden::contains).toList(),
                AnnounceForm.CLEAR,
                random);
    }

    private void addTier(List<String> urls, AnnounceForm form, RandomGenerator random) {
        var tier = new ArrayList<Tracker>();
        for (String url : urls) {
            var tracker = new Tracker(url, form);
            if (standings.putIfAbsent(tracker, new Standing()) == null) {
                tier.add(tracker);
            }
        }
        Collections.shuffle(tier, new java.util.Random(random.nextLong()));
        if (!tier.isEmpty()) {
            tiers.add(tier);
        }
    }

    public boolean isEmpty() {
        return tiers.isEmpty();
    }

    /// The trackers to try in this round, best first: those whose waiting time is over.
    public List<Tracker> round(long nowNanos) {
        return tiers.stream()
                .flatMap(List::stream)
                .filter(tracker -> {
                    Standing standing = standing(tracker);
                    return !standing.never
                            && (standing.failures == 0 || nowNanos - standing.retryAtNanos >= 0);
                })
                .toList();
    }

    /// When the next failed tracker may be tried again; nothing if none ever may.
    public Optional<Long> nextRetryNanos(long nowNanos) {
        return standings.values().stream()
                .filter(standing -> !standing.never)
                .map(standing -> standing.failures == 0 ? nowNanos : standing.retryAtNanos)
                .min((a, b) -> Long.signum(a - b));
    }

    public void answered(Tracker tracker) {
        standing(tracker).failures = 0;
        for (List<Tracker> tier : tiers) {
            if (tier.remove(tracker)) {
                tier.addFirst(tracker);
            }
        }
    }

    public void failed(Tracker tracker, long nowNanos) {
        Standing standing = standing(tracker);
        int failures = ++standing.failures;
        double seconds = BACKOFF_SECONDS + BACKOFF_GROWTH * failures * failures;
        retryAfter(standing, (long) Math.min(seconds, MAX_BACKOFF_SECONDS), nowNanos);
    }

    /// It said itself when it wants to be asked again (BEP 31).
    public void failed(Tracker tracker, long nowNanos, long retryAfterSeconds) {
        Standing standing = standing(tracker);
        standing.failures++;
        retryAfter(standing, retryAfterSeconds, nowNanos);
    }

    private static void retryAfter(Standing standing, long seconds, long nowNanos) {
        standing.retryAtNanos = nowNanos + seconds * 1_000_000_000L;
    }

    /// It said that it never wants to be asked again (BEP 31).
    public void gone(Tracker tracker) {
        standing(tracker).never = true;
    }

    private Standing standing(Tracker tracker) {
        Standing standing = standings.get(tracker);
        if (standing == null) {
            throw new IllegalArgumentException("not one of this torrent's trackers");
        }
        return standing;
    }
}
