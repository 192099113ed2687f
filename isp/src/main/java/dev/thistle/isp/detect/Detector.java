package dev.thistle.isp.detect;

import dev.thistle.isp.flow.Flow;
import dev.thistle.isp.packet.Packet;
import java.util.List;

/// One way to tell BitTorrent from the rest. Pure: fed packets in the order in which they pass;
/// owned by the thread that feeds it.
public interface Detector {

    /// Its identifier, such as `D-S1` or `D-E1:paper`.
    String id();

    /// Looks at one packet, which `flow` has counted in already.
    ///
    /// @return verdicts that follow, most often none; one about the same subject is not repeated
    ///   while it stands
    List<Verdict> observe(Packet packet, Flow flow);
}
