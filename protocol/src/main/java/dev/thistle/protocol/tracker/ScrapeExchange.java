package dev.thistle.protocol.tracker;

import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.bencode.BencodeValue.Dict;
import dev.thistle.protocol.bencode.BencodeWriter;
import dev.thistle.protocol.bencode.ByteString;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Asks trackers how big swarms are, and answers for them (BEP 48). Stateless.
///
///     d 5:files d 20:<name> d 8:complete i.e 10:downloaded i.e 10:incomplete i.e e ... e
///       5:flags d 20:min_request_interval i.e e e
///
/// The name is the info-hash, or the `sha_ih` where the request used that.
public final class ScrapeExchange {

    /// What a tracker answered.
    public sealed interface Answer {

        /// The sizes of the swarms.
        ///
        /// @param counts of those torrents asked for that the tracker knows
        /// @param minRequestInterval do not scrape again sooner
        record Counts(Map<InfoHash, SwarmCounts> counts, Optional<Duration> minRequestInterval)
                implements Answer {
            public Counts {
                counts = Map.copyOf(counts);
            }
        }

        /// The tracker does not say.
        ///
        /// @param reason one line for people
        record Refused(String reason) implements Answer {}
    }

    /// The largest number that makes sense in `min_request_interval`: a day.
    private static final long MAX_INTERVAL_SECONDS = 86_400;

    private ScrapeExchange() {}

    /// The query for `torrents`, to be put behind [TrackerUrl#scrape].
    ///
    /// @param torrents 1 to [ReceivedScrape#MAX_TORRENTS]
    public static String query(List<InfoHash> torrents, AnnounceForm form) {
        if (torrents.isEmpty() || torrents.size() > ReceivedScrape.MAX_TORRENTS) {
            throw new IllegalArgumentException(
                    "%d torrents, allowed 1..%d"
                            .formatted(torrents.size(), ReceivedScrape.MAX_TORRENTS));
        }
        var query = new StringBuilder();
        for (InfoHash torrent : torrents) {
            query.append(query.isEmpty() ? "" : "&")
                    .append(
                            switch (form) {
                                case CLEAR -> "info_hash=";
                                case OBFUSCATED -> "sha_ih=";
                            })
                    .append(Percent.encode(name(torrent, form)));
        }
        return query.toString();
    }

    /// Reads the body of an HTTP answer, gzip already undone.
    public static Answer read(ByteBuffer body, List<InfoHash> torrents, AnnounceForm form)
            throws MalformedException {
        Dict dict = AnswerBody.read(body, AnnounceAnswerReader.MAX_BODY_BYTES);
        Optional<Dict> files = dict.dict("files");
        if (files.isEmpty()) {
            return new Answer.Refused(
                    AnswerBody.line(dict, "failure reason").orElse("refused without a reason"));
        }
        var counts = new LinkedHashMap<InfoHash, SwarmCounts>();
        for (InfoHash torrent : torrents) {
            var key = ByteString.of(name(torrent, form));
            if (files.get().entries().get(key) instanceof Dict file) {
                counts.put(
                        torrent,
                        new SwarmCounts(
                                count(file, "complete"),
                                count(file, "incomplete"),
                                count(file, "downloaded"),
                                count(file, "downloaders")));
            }
        }
        return new Answer.Counts(counts, minRequestInterval(dict));
    }

    /// A tracker's answer: torrents it does not know are simply missing.
    ///
    /// @param counts by the names that were asked for
    public static byte[] write(Map<TorrentName, SwarmCounts> counts, Duration minRequestInterval) {
        var files = Dict.builder();
        counts.forEach((name, count) -> {
            byte[] key =
                    switch (name) {
                        case TorrentName.Open(InfoHash infoHash) -> infoHash.bytes();
                        case TorrentName.Hidden(ShaIh shaIh) -> shaIh.bytes();
                    };
            files.put(
                    ByteString.of(key),
                    Dict.builder()
                            .put("complete", count.complete())
                            .put("downloaded", count.downloaded())
                            .put("downloaders", count.downloaders())
                            .put("incomplete", count.incomplete())
                            .build());
        });
        var flags = Dict.builder().put("min_request_interval", minRequestInterval.toSeconds());
        return BencodeWriter.write(
                Dict.builder().put("files", files.build()).put("flags", flags.build()).build());
    }

    private static byte[] name(InfoHash torrent, AnnounceForm form) {
        return switch (form) {
            case CLEAR -> torrent.bytes();
            case OBFUSCATED -> ShaIh.of(torrent).bytes();
        };
    }

    private static int count(Dict file, String key) {
        return Math.clamp(AnswerBody.number(file, key).orElse(-1L), -1, Integer.MAX_VALUE);
    }

    private static Optional<Duration> minRequestInterval(Dict dict) {
        if (!(dict.value("flags").orElse(null) instanceof Dict flags)) {
            return Optional.empty();
        }
        return AnswerBody.number(flags, "min_request_interval")
                .filter(found -> found > 0)
                .map(found -> Duration.ofSeconds(Math.min(found, MAX_INTERVAL_SECONDS)));
    }
}
