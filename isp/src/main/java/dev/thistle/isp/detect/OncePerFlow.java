package dev.thistle.isp.detect;

import dev.thistle.isp.flow.Flow;
import dev.thistle.isp.packet.Packet;
import java.util.List;
import java.util.Optional;

/// A rule over what two ends say, made into at most one verdict a flow: at the packet with which
/// the rule holds for the first time.
///
/// @param rule the evidence, or nothing; what holds once must go on holding when more is said
record OncePerFlow(String id, Rule rule) {

    /// Looks for evidence.
    @FunctionalInterface
    interface Rule {
        Optional<String> evidence(Talk talk);
    }

    List<Verdict> observe(Packet packet, Flow flow) {
        return Talk.by(packet, flow)
                .flatMap(grown ->
                        evidence(grown.after(), flow)
                                .filter(_ -> evidence(grown.before(), flow).isEmpty()))
                .map(evidence -> List.of(about(flow, id, packet, evidence)))
                .orElse(List.of());
    }

    /// Who opened a flow that was under way is a guess, so the rule may hold the other way round.
    private Optional<String> evidence(Talk talk, Flow flow) {
        return rule.evidence(talk)
                .or(() -> flow.sawStart() ? Optional.empty() : rule.evidence(talk.reversed()));
    }

    static Verdict about(Flow flow, String id, Packet packet, String evidence) {
        return new Verdict(
                packet.nanos(),
                id,
                new Subject.OfFlow(flow.key()),
                evidence,
                flow.packets(),
                flow.payloadBytes());
    }
}
