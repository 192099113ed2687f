package dev.thistle.isp.detect;

import dev.thistle.isp.detect.TrackerRequest.Torrent;
import dev.thistle.isp.flow.Flow;
import dev.thistle.isp.packet.Packet;
import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.tracker.AnnounceForm;
import dev.thistle.protocol.tracker.ShaIh;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// D-T4: who knows a torrent's info-hash undoes all that BEP 8 does for it. A dictionary from
/// SHA-1(info-hash) to info-hash turns a `sha_ih` that crosses into the key, and the key shows the
/// announced port and the peers of the answer, `i`, `n` and `iv` included. From then on as
/// [TrackerSnoop].
///
/// Finds as much as the dictionary covers. Source: isp.md 4.4, BEP 8.
public final class HashDictionary implements Detector {

    public static final String ID = "D-T4";

    private final Map<ShaIh, InfoHash> known = new HashMap<>();
    private final Tags tags;

    /// @param known info-hashes, from leaks or a crawl of the DHT
    public HashDictionary(Set<InfoHash> known) {
        this(known, TrackerSnoop.LIFE);
    }

    /// @param known info-hashes, from leaks or a crawl of the DHT
    /// @param life of a verdict; positive
    public HashDictionary(Set<InfoHash> known, Duration life) {
        known.forEach(infoHash -> this.known.put(ShaIh.of(infoHash), infoHash));
        tags = new Tags(ID, life);
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Verdict> observe(Packet packet, Flow flow) {
        var exchanges = TrackerExchanges.completedBy(packet, flow);
        var verdicts = new ArrayList<Verdict>();
        for (TrackerRequest announce : exchanges.announces()) {
            for (InfoHash infoHash : known(announce)) {
                String evidence =
                        "announced its hidden port to the tracker %s for the known info-hash %s"
                                .formatted(flow.server(), infoHash);
                TrackerExchanges.announcer(announce, infoHash, flow)
                        .ifPresent(peer -> tags.add(peer, packet, evidence, verdicts));
            }
        }
        for (TrackerExchanges.Answered answered : exchanges.answers()) {
            for (InfoHash infoHash : known(answered.announce())) {
                String evidence =
                        "in the decrypted answer of the tracker %s to %s for the known info-hash %s"
                                .formatted(flow.server(), flow.client().address(), infoHash);
                TrackerExchanges.peers(answered.answer(), infoHash, AnnounceForm.OBFUSCATED)
                        .forEach(peer -> tags.add(peer, packet, evidence, verdicts));
            }
        }
        return verdicts;
    }

    /// None or one.
    private List<InfoHash> known(TrackerRequest announce) {
        return switch (announce.torrent()) {
            case Torrent.Open _ -> List.of();
            case Torrent.Hidden(ShaIh name) -> {
                InfoHash infoHash = known.get(name);
                yield infoHash == null ? List.of() : List.of(infoHash);
            }
        };
    }
}
