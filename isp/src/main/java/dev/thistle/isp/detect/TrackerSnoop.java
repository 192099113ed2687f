package dev.thistle.isp.detect;

import dev.thistle.isp.detect.TrackerRequest.Torrent;
import dev.thistle.isp.flow.Flow;
import dev.thistle.isp.packet.Endpoint;
import dev.thistle.isp.packet.Packet;
import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.tracker.AnnounceForm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// D-T1: every endpoint in a tracker's clear answer is a peer, and so is who announces a port. Any
/// later flow to or from one is BitTorrent, whatever it looks like.
///
/// Reads answers over plain HTTP as far as flows are remembered ([dev.thistle.isp.flow.Half]). What
/// was asked for with `sha_ih`, or comes with `iv`, `i` or `n`, is encrypted (BEP 8): nothing is
/// made of it. Source: isp.md 4.4, BEP 3, 7, 23.
public final class TrackerSnoop implements Detector {

    public static final String ID = "D-T1";

    /// How long an endpoint stays marked: the usual time between two announces.
    public static final Duration LIFE = Duration.ofMinutes(30);

    private final Tags tags;

    public TrackerSnoop() {
        this(LIFE);
    }

    /// @param life of a verdict; positive
    public TrackerSnoop(Duration life) {
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
            if (announce.torrent() instanceof Torrent.Open(InfoHash infoHash)) {
                TrackerExchanges.announcer(announce, infoHash, flow)
                        .ifPresent(endpoint ->
                                tags.add(
                                        endpoint,
                                        packet,
                                        "announced its port to the tracker %s for info-hash %s"
                                                .formatted(flow.server(), infoHash),
                                        verdicts));
            }
        }
        for (TrackerExchanges.Answered answered : exchanges.answers()) {
            if (answered.announce().torrent() instanceof Torrent.Open(InfoHash infoHash)) {
                String evidence =
                        "named by the tracker %s to %s for info-hash %s"
                                .formatted(flow.server(), flow.client().address(), infoHash);
                for (Endpoint peer : peers(answered.answer(), infoHash)) {
                    tags.add(peer, packet, evidence, verdicts);
                }
            }
        }
        return verdicts;
    }

    private static List<Endpoint> peers(TrackerAnswer answer, InfoHash infoHash) {
        if (answer.dict().has("iv") || answer.dict().has("i") || answer.dict().has("n")) {
            return List.of();
        }
        return TrackerExchanges.peers(answer, infoHash, AnnounceForm.CLEAR);
    }
}
