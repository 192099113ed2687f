package dev.thistle.isp.detect;

import dev.thistle.isp.flow.Flow;
import dev.thistle.isp.packet.Endpoint;
import dev.thistle.isp.packet.Packet;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// A detector at work on packets, and all that it said.
final class Watched {

    final List<Verdict> verdicts = new ArrayList<>();
    final Inspection inspection;

    Watched(Detector... detectors) {
        inspection = new Inspection(List.of(detectors), verdicts::add, _ -> {});
    }

    Watched see(Collection<Packet> packets) {
        packets.forEach(inspection::observe);
        return this;
    }

    Flow flow(Packet packet) {
        return inspection.observe(packet);
    }

    Set<String> endpoints() {
        return verdicts.stream()
                .map(Verdict::subject)
                .filter(Subject.OfEndpoint.class::isInstance)
                .map(Subject.OfEndpoint.class::cast)
                .map(Subject.OfEndpoint::endpoint)
                .map(Endpoint::toString)
                .collect(Collectors.toSet());
    }

    static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
