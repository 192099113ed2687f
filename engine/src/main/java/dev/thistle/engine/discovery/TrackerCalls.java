package dev.thistle.engine.discovery;

import dev.thistle.engine.discovery.AddressRule.Family;
import dev.thistle.engine.discovery.AnnounceOrder.Tracker;
import dev.thistle.engine.settings.LocalTargets;
import dev.thistle.net.Network;
import dev.thistle.net.http.HttpCaller;
import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.tracker.AnnounceAnswer;
import dev.thistle.protocol.tracker.AnnounceEvent;
import dev.thistle.protocol.tracker.AnnounceForm;
import dev.thistle.protocol.tracker.AnnounceRequest;
import dev.thistle.protocol.tracker.ScrapeExchange;
import dev.thistle.protocol.tracker.SwarmCounts;
import dev.thistle.protocol.tracker.udp.UdpTrackerExchange;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/// Speaks to trackers of every kind for all torrents of a session. Blocks; thread-safe.
public final class TrackerCalls {

    private final HttpTracker http;
    private final UdpTracker udp;
    private final ExternalAddress external;

    /// Calls for a session.
    ///
    /// @param network for datagrams
    /// @param external hears how trackers see us
    /// @param clock monotonic nanoseconds
    public TrackerCalls(
            Network network,
            HttpCaller http,
            String userAgent,
            ExternalAddress external,
            RandomGenerator random,
            LongSupplier clock) {
        this.external = external;
        this.http = new HttpTracker(http, userAgent);
        udp = new UdpTracker(network, http.names(), random, clock);
    }

    /// Announces once, by one address family.
    ///
    /// @param patience for the whole exchange
    /// @throws IOException if there is no answer, or none that can be read
    AnnounceAnswer announce(
            Tracker tracker, AnnounceRequest request, AddressRule rule, Duration patience)
            throws IOException, InterruptedException {
        return switch (TrackerAddress.of(tracker.url())) {
            case TrackerAddress.Web(var uri) -> {
                var answer = http.announce(uri, request, tracker.form(), rule, patience);
                if (answer instanceof AnnounceAnswer.Accepted accepted) {
                    accepted.externalIp().ifPresent(ip -> external.vote(uri.getHost(), ip.bytes()));
                }
                yield answer;
            }
            case TrackerAddress.Datagram(var url) -> {
                requireClear(tracker.form());
                Duration wait = firstWait(request.event() == AnnounceEvent.STOPPED, patience);
                yield udp.announce(url, request, rule, wait, patience);
            }
        };
    }

    /// Datagrams cannot hide the torrent's name, and it must not be told in the clear.
    private static void requireClear(AnnounceForm form) throws IOException {
        if (form == AnnounceForm.OBFUSCATED) {
            throw new IOException("a UDP tracker cannot be asked obfuscated");
        }
    }

    /// A goodbye is repeated sooner, since nobody waits for long to hear that it arrived.
    private static Duration firstWait(boolean hurry, Duration patience) {
        return hurry ? patience.dividedBy(4) : UdpTrackerExchange.FIRST_WAIT;
    }

    /// Asks how big a torrent's swarm is, in the clear.
    ///
    /// @return nothing if the tracker does not say
    Optional<SwarmCounts> scrape(
            Tracker tracker, InfoHash torrent, LocalTargets local, Duration patience)
            throws IOException, InterruptedException {
        var rule = new AddressRule(Family.EITHER, local);
        List<InfoHash> torrents = List.of(torrent);
        Optional<ScrapeExchange.Answer> answer =
                switch (TrackerAddress.of(tracker.url())) {
                    case TrackerAddress.Web(var uri) -> http.scrape(uri, torrents, rule, patience);
                    case TrackerAddress.Datagram(var url) ->
                            Optional.of(
                                    udp.scrape(
                                            url,
                                            torrents,
                                            rule,
                                            UdpTrackerExchange.FIRST_WAIT,
                                            patience));
                };
        return answer.flatMap(each ->
                switch (each) {
                    case ScrapeExchange.Answer.Counts(var counts, _) ->
                            Optional.ofNullable(counts.get(torrent));
                    case ScrapeExchange.Answer.Refused _ -> Optional.empty();
                });
    }
}
