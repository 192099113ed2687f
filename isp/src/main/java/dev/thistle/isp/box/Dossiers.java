package dev.thistle.isp.box;

import dev.thistle.isp.detect.Detector;
import dev.thistle.isp.detect.Inspection;
import dev.thistle.isp.detect.Verdict;
import dev.thistle.isp.flow.Flow;
import dev.thistle.isp.packet.Packet;
import dev.thistle.isp.policy.Policy;
import java.util.IdentityHashMap;
import java.util.List;

/// The eyes of the box and what it has decided about all flows that are alive. Bounded as the flow
/// table of the inspection is.
final class Dossiers {

    /// How long a flow may go on before it is noticed that a verdict about one of its ends stands.
    /// New verdicts count at once.
    private static final long REVIEW_NANOS = 100_000_000;

    private final Policy policy;
    private final BoxWitness witness;
    private final Inspection inspection;
    private final IdentityHashMap<Flow, Dossier> byFlow = new IdentityHashMap<>();
    private long verdictsSpoken;

    Dossiers(List<Detector> detectors, Policy policy, BoxWitness witness) {
        this.policy = policy;
        this.witness = witness;
        inspection = new Inspection(detectors, this::heard, this::close);
    }

    private void heard(Verdict verdict) {
        verdictsSpoken++;
        witness.happened(new BoxEvent.Identified(verdict));
    }

    private void close(Flow flow) {
        Dossier dossier = byFlow.remove(flow);
        if (dossier != null) {
            witness.ended(dossier.record());
        }
    }

    /// Shows a packet to all detectors.
    ///
    /// @return the direction of the flow it belongs to, judged by all that is known now
    Lane observe(Packet packet) {
        Flow flow = inspection.observe(packet);
        Dossier dossier = byFlow.get(flow);
        if (dossier == null) {
            dossier = new Dossier(flow);
            byFlow.put(flow, dossier);
        }
        boolean isNews = dossier.judgedVerdicts != verdictsSpoken;
        if (isNews || packet.nanos() - dossier.judgedNanos >= REVIEW_NANOS) {
            dossier.judgedVerdicts = verdictsSpoken;
            dossier.judgedNanos = packet.nanos();
            dossier.judge(inspection.covering(flow, packet.nanos()), policy);
        }
        return dossier.observe(packet);
    }

    /// Ends all flows.
    void close() {
        inspection.close();
    }
}
