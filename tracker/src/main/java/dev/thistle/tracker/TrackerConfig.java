package dev.thistle.tracker;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How a tracker is to run. Begin with [#on] and change what is to differ.
///
/// @param bind where to listen for HTTP; port 0 takes a free one
/// @param interval what clients are told to wait, a tenth more or less; 1 s to 12 h
/// @param minInterval the least they may wait; from 0 to `interval`
/// @param lists which torrents are served
/// @param limits how much is served
/// @param trustedProxies reverse proxies whose `X-Forwarded-For` and `ip` count
/// @param keepPeerIds 20 bytes more a peer, so that the list form can name peer ids
public record TrackerConfig(
        InetSocketAddress bind,
        Duration interval,
        Duration minInterval,
        Lists lists,
        Limits limits,
        Set<InetAddress> trustedProxies,
        boolean keepPeerIds) {

    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofHours(12);

    /// Files of torrents: an info-hash of forty hex digits a line, `#` begins a comment.
    ///
    /// @param allow only these are served; null for all
    /// @param deny these are not served; null for none; not beside `allow`
    /// @param known these can be asked for under their hidden names before anybody announced them
    ///   openly, as can those of `allow`
    public record Lists(@Nullable Path allow, @Nullable Path deny, @Nullable Path known) {

        /// Serve everything.
        public static final Lists NONE = new Lists(null, null, null);

        public Lists {
            if (allow != null && deny != null) {
                throw new IllegalArgumentException(
                        "lists.deny beside lists.allow, allowed only one of them");
            }
        }
    }

    /// What strangers may cost. The limits of one address do not apply to loopback addresses, and
    /// those of rates not to trusted proxies.
    ///
    /// @param maxTorrents swarms at once; from 1
    /// @param maxPeers rows in all swarms; from 1
    /// @param maxPeersPerAnswer 1 to 1000
    /// @param portsPerAddress peers of one address in one swarm; from 1
    /// @param peersPerAddress peers of one address, or of one IPv6 /64, in all swarms; from 1
    /// @param requestsPerSecond of one address, lasting; from 1
    /// @param requestBurst of one address, at once; from 1
    /// @param maxConnections open at once; from 1
    public record Limits(
            int maxTorrents,
            long maxPeers,
            int maxPeersPerAnswer,
            int portsPerAddress,
            int peersPerAddress,
            int requestsPerSecond,
            int requestBurst,
            int maxConnections) {

        /// Some 200 MB of peers. 10 000 peers are a large seed box, or the shared address of a
        /// provider.
        public static final Limits DEFAULT =
                new Limits(1_000_000, 4_000_000, 200, 5, 10_000, 10, 50, 20_000);

        public Limits {
            atLeastOne("limits.max-torrents", maxTorrents);
            atLeastOne("limits.max-peers", maxPeers);
            atLeastOne("limits.max-peers-per-answer", maxPeersPerAnswer);
            require(
                    maxPeersPerAnswer <= 1_000,
                    "limits.max-peers-per-answer",
                    maxPeersPerAnswer,
                    "1..1000");
            atLeastOne("limits.ports-per-address", portsPerAddress);
            atLeastOne("limits.peers-per-address", peersPerAddress);
            atLeastOne("limits.requests-per-second", requestsPerSecond);
            atLeastOne("limits.request-burst", requestBurst);
            atLeastOne("limits.max-connections", maxConnections);
        }

        private static void atLeastOne(String name, long value) {
            require(value >= 1, name, value, "from 1");
        }
    }

    public TrackerConfig {
        trustedProxies = Set.copyOf(trustedProxies);
        require(!bind.isUnresolved(), "bind", bind, "an address that can be resolved");
        require(
                interval.compareTo(SHORTEST) >= 0 && interval.compareTo(LONGEST) <= 0,
                "interval",
                interval,
                SHORTEST + ".." + LONGEST);
        require(
                !minInterval.isNegative() && minInterval.compareTo(interval) <= 0,
                "min-interval",
                minInterval,
                "PT0S.." + interval);
    }

    /// The defaults: 30 minutes, never below 15, everything served, limits for the open internet.
    public static TrackerConfig on(InetSocketAddress bind) {
        return new TrackerConfig(
                bind,
                Duration.ofMinutes(30),
                Duration.ofMinutes(15),
                Lists.NONE,
                Limits.DEFAULT,
                Set.of(),
                true);
    }

    /// Another interval, with half of it as the minimum.
    public TrackerConfig withInterval(Duration newInterval) {
        return new TrackerConfig(
                bind,
                newInterval,
                newInterval.dividedBy(2),
                lists,
                limits,
                trustedProxies,
                keepPeerIds);
    }

    public TrackerConfig withLists(Lists newLists) {
        return new TrackerConfig(
                bind, interval, minInterval, newLists, limits, trustedProxies, keepPeerIds);
    }

    public TrackerConfig withLimits(Limits newLimits) {
        return new TrackerConfig(
                bind, interval, minInterval, lists, newLimits, trustedProxies, keepPeerIds);
    }

    public TrackerConfig withTrustedProxies(Set<InetAddress> proxies) {
        return new TrackerConfig(bind, interval, minInterval, lists, limits, proxies, keepPeerIds);
    }

    private static void require(boolean holds, String name, Object found, String allowed) {
        if (!holds) {
            throw new IllegalArgumentException(
                    "%s: %s, allowed %s".formatted(name, found, allowed));
        }
    }
}
