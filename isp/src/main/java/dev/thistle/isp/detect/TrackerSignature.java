package dev.thistle.isp.detect;

import dev.thistle.isp.flow.Flow;
import dev.thistle.isp.packet.Packet;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/// D-S3: talk with a tracker over plain HTTP. A request for `/announce` or `/scrape` with an
/// `info_hash` of 20 bytes once decoded, or a bencoded answer with peers in the clear.
///
/// What BEP 8 hides is [ObfuscationMarker]'s business. Source: isp.md 4.1, BEP 3.
public final class TrackerSignature implements Detector {

    public static final String ID = "D-S3";

    private final OncePerFlow once = new OncePerFlow(ID, TrackerSignature::evidence);

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Verdict> observe(Packet packet, Flow flow) {
        return once.observe(packet, flow);
    }

    private static Optional<String> evidence(Talk talk) {
        for (String target : HttpTalk.targets(talk.client())) {
            var request = TrackerRequest.read(target).orElse(null);
            if (request != null
                    && request.torrent() instanceof TrackerRequest.Torrent.Open(var infoHash)) {
                String what =
                        switch (request.kind()) {
                            case ANNOUNCE -> "an announce";
                            case SCRAPE -> "a scrape";
                        };
                return Optional.of("%s over HTTP with info_hash %s".formatted(what, infoHash));
            }
        }
        return answer(talk);
    }

    private static Optional<String> answer(Talk talk) {
        boolean wasHidden =
                HttpTalk.targets(talk.client()).stream()
                        .flatMap(target -> TrackerRequest.read(target).stream())
                        .anyMatch(request ->
                                request.torrent() instanceof TrackerRequest.Torrent.Hidden);
        return wasHidden ? Optional.empty() : clearAnswer(talk.server());
    }

    private static Optional<String> clearAnswer(ByteBuffer server) {
        return HttpTalk.answers(server).stream()
                .flatMap(answer -> TrackerAnswer.read(answer.body()).stream())
                .filter(answer -> answer.hasPeers() && !answer.isMarked())
                .findFirst()
                .map(answer ->
                        "a bencoded answer of %d bytes with peers and interval"
                                .formatted(answer.body().limit()));
    }
}
