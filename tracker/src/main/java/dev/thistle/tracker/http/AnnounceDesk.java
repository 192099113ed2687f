package dev.thistle.tracker.http;

import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.PeerAddress;
import dev.thistle.protocol.bencode.ByteString;
import dev.thistle.protocol.tracker.AnnounceAnswerWriter;
import dev.thistle.protocol.tracker.AnnounceAnswerWriter.Head;
import dev.thistle.protocol.tracker.ReceivedAnnounce;
import dev.thistle.protocol.tracker.ReceivedScrape;
import dev.thistle.protocol.tracker.RetryIn;
import dev.thistle.protocol.tracker.ScrapeExchange;
import dev.thistle.protocol.tracker.SwarmCounts;
import dev.thistle.protocol.tracker.TorrentName;
import dev.thistle.tracker.policy.AddressBook;
import dev.thistle.tracker.policy.TorrentPolicy;
import dev.thistle.tracker.swarms.Outcome;
import dev.thistle.tracker.swarms.Pick;
import dev.thistle.tracker.swarms.Swarms;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;

/// Answers announces and scrapes: bytes of a query and a source address in, bencoded bytes out.
/// Whatever is wrong with a request is told in a `failure reason`. Thread-safe.
///
/// A torrent is served under its hidden name only if it is known: announced openly by somebody, or
/// on a list. Only then can the port be shown.
public final class AnnounceDesk {

    /// What the desk needs to know of the configuration.
    ///
    /// @param defaultPeers neighbours for a client that does not say how many
    /// @param maxPeers neighbours in one answer
    public record Terms(Duration interval, Duration minInterval, int defaultPeers, int maxPeers) {}

    /// Where a request came from.
    ///
    /// @param ip 4 or 16 bytes
    /// @param limited false for this machine and for trusted proxies that name no client
    /// @param mayStateIp is it a trusted proxy, whose `ip` parameter counts?
    public record Source(ByteString ip, boolean limited, boolean mayStateIp) {}

    /// How long a torrent that is not known yet may take to be announced openly.
    private static final Duration UNKNOWN_RETRY = Duration.ofMinutes(15);

    private static final Duration BUSY_RETRY = Duration.ofMinutes(1);

    private final Terms terms;
    private final Swarms swarms;
    private final AddressBook addresses;
    private final IntSupplier secondClock;
    private volatile TorrentPolicy policy;
    private final LongAdder announces = new LongAdder();
    private final LongAdder obfuscated = new LongAdder();
    private final LongAdder scrapes = new LongAdder();
    private final LongAdder refused = new LongAdder();

    /// @param secondClock seconds since the start
    public AnnounceDesk(
            Terms terms,
            TorrentPolicy policy,
            Swarms swarms,
            AddressBook addresses,
            IntSupplier secondClock) {
        this.terms = terms;
        this.policy = policy;
        this.swarms = swarms;
        this.addresses = addresses;
        this.secondClock = secondClock;
        swarms.list(policy.known());
    }

    /// Serves by other lists from now on.
    public void adopt(TorrentPolicy newPolicy) {
        policy = newPolicy;
        swarms.list(newPolicy.known());
    }

    /// Answers an announce.
    ///
    /// @param rawQuery one char a byte, escapes untouched; empty without a query
    public byte[] announce(String rawQuery, Source source) {
        announces.increment();
        if (source.limited() && !addresses.mayAnnounce(source.ip().bytes())) {
            return refuse("too many requests from your address", new RetryIn.After(BUSY_RETRY));
        }
        try {
            var announce = ReceivedAnnounce.parse(rawQuery);
            if (announce.isObfuscated()) {
                obfuscated.increment();
            }
            Optional<InfoHash> torrent = torrent(announce.torrent());
            if (torrent.isEmpty()) {
                boolean later = announce.isObfuscated();
                return refuse(
                        "unregistered torrent",
                        later ? new RetryIn.After(UNKNOWN_RETRY) : new RetryIn.Unsaid());
            }
            return announce(announce, torrent.get(), source);
        } catch (MalformedException wrong) {
            return refuse(reason(wrong), new RetryIn.Unsaid());
        }
    }

    /// Answers a scrape.
    ///
    /// @param rawQuery one char a byte, escapes untouched; empty without a query
    public byte[] scrape(String rawQuery, Source source) {
        scrapes.increment();
        if (source.limited() && !addresses.mayAnnounce(source.ip().bytes())) {
            return refuse("too many requests from your address", new RetryIn.After(BUSY_RETRY));
        }
        try {
            Map<TorrentName, SwarmCounts> counts = new LinkedHashMap<>();
            for (TorrentName name : ReceivedScrape.parse(rawQuery).torrents()) {
                torrent(name).flatMap(swarms::counts).ifPresent(found -> counts.put(name, found));
            }
            return ScrapeExchange.write(counts, terms.minInterval());
        } catch (MalformedException wrong) {
            return refuse(reason(wrong), new RetryIn.Unsaid());
        }
    }

    public long announces() {
        return announces.sum();
    }

    public long obfuscatedAnnounces() {
        return obfuscated.sum();
    }

    public long scrapes() {
        return scrapes.sum();
    }

    public long refused() {
        return refused.sum();
    }

    private byte[] announce(ReceivedAnnounce announce, InfoHash torrent, Source source)
            throws MalformedException {
        ByteString ip =
                source.mayStateIp() ? announce.statedIp(torrent).orElse(source.ip()) : source.ip();
        var address = PeerAddress.of(ip.bytes(), announce.port(torrent));
        int asked = announce.wishes().numWant();
        int count = Math.min(asked < 0 ? terms.defaultPeers() : asked, terms.maxPeers());
        Outcome outcome =
                swarms.announce(torrent, address, announce, count, secondClock.getAsInt());
        return switch (outcome) {
            case Outcome.Full(String reason) -> refuse(reason, new RetryIn.After(UNKNOWN_RETRY));
            case Outcome.Welcome(SwarmCounts counts, Pick pick) ->
                    write(
                            new Head(spread(terms.interval()), terms.minInterval(), counts),
                            pick,
                            announce,
                            ip);
        };
    }

    private static byte[] write(Head head, Pick pick, ReceivedAnnounce announce, ByteString ip) {
        return switch (pick) {
            case Pick.Compact(var peers, var peers6, var flags) -> {
                // To others the flags would be bytes without a meaning.
                boolean told =
                        switch (announce.crypto()) {
                            case NONE -> false;
                            case SUPPORTED, REQUIRED -> true;
                        };
                yield AnnounceAnswerWriter.compact(head, peers, peers6, told ? flags : null, ip);
            }
            case Pick.Listed(var peers) -> AnnounceAnswerWriter.listed(head, peers, ip);
            case Pick.Hidden(var hidden) -> AnnounceAnswerWriter.obfuscated(head, hidden);
        };
    }

    private Optional<InfoHash> torrent(TorrentName name) {
        Optional<InfoHash> found =
                switch (name) {
                    case TorrentName.Open(InfoHash infoHash) -> Optional.of(infoHash);
                    case TorrentName.Hidden(var shaIh) -> swarms.find(shaIh);
                };
        return found.filter(policy::serves);
    }

    /// A tenth more or less, so that clients that started together do not stay together. Never
    /// below the minimum.
    private Duration spread(Duration interval) {
        long seconds = interval.toSeconds();
        long tenth = seconds / 10;
        long spread = seconds - tenth + ThreadLocalRandom.current().nextLong(2 * tenth + 1);
        return Duration.ofSeconds(Math.max(spread, terms.minInterval().toSeconds()));
    }

    private static String reason(MalformedException wrong) {
        String message = wrong.getMessage();
        return message == null ? "malformed request" : message;
    }

    private byte[] refuse(String reason, RetryIn retryIn) {
        refused.increment();
        return AnnounceAnswerWriter.refused(reason, retryIn);
    }
}
