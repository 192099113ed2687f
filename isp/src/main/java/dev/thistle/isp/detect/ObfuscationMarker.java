package dev.thistle.isp.detect;

import dev.thistle.isp.flow.Flow;
import dev.thistle.isp.packet.Packet;
import java.util.List;
import java.util.Optional;

/// D-S9: what BEP 8 cannot hide is that it is used. A request to a tracker with a `sha_ih` of 20
/// bytes once decoded, or an answer with peers and the keys that say how they are hidden: `iv`, or
/// both `i` and `n`.
///
/// Source: isp.md 4.1, BEP 8.
public final class ObfuscationMarker implements Detector {

    public static final String ID = "D-S9";

    private final OncePerFlow once = new OncePerFlow(ID, ObfuscationMarker::evidence);

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Verdict> observe(Packet packet, Flow flow) {
        return once.observe(packet, flow);
    }

    private static Optional<String> evidence(Talk talk) {
        return HttpTalk.targets(talk.client()).stream()
                .flatMap(target -> TrackerRequest.read(target).stream())
                .filter(request -> request.torrent() instanceof TrackerRequest.Torrent.Hidden)
                .findFirst()
                .map(_ -> "a request to a tracker with sha_ih, 20 bytes")
                .or(() -> answer(talk));
    }

    private static Optional<String> answer(Talk talk) {
        return HttpTalk.answers(talk.server()).stream()
                .flatMap(answer -> TrackerAnswer.read(answer.body()).stream())
                .filter(answer -> answer.hasPeers() && answer.isMarked())
                .findFirst()
                .map(answer ->
                        "a tracker's answer that hides its peers: %s"
                                .formatted(answer.dict().has("iv") ? "iv" : "i and n"));
    }
}
