package dev.thistle.lab.run;

import dev.thistle.isp.detect.Detector;
import dev.thistle.isp.detect.DetectorCatalog;
import dev.thistle.lab.scenario.IspPlan;
import dev.thistle.protocol.InfoHash;
import java.util.List;
import java.util.Set;

/// Makes the detectors of a plan, with what this ISP may know.
final class IspEyes {

    private IspEyes() {}

    /// @param infoHash of the swarm, which only an ISP that knows it gets
    static List<Detector> of(IspPlan plan, InfoHash infoHash) {
        Set<InfoHash> dictionary = plan.knowsInfoHash() ? Set.of(infoHash) : Set.of();
        var catalog = new DetectorCatalog(List.of(Cast.CUSTOMERS), dictionary, plan.pattern());
        return plan.detectors().stream().map(catalog::make).toList();
    }
}
