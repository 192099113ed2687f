package dev.thistle.lab.scenario;

import dev.thistle.isp.detect.ArticlePattern;
import dev.thistle.isp.policy.Policy;
import java.util.List;

/// What the ISP of a round looks for and does about it.
///
/// @param detectors which run, by their identifiers, such as `D-S1` or `D-E1:paper`
/// @param pattern the thresholds of D-H1, whether or not that runs
/// @param policy what follows
/// @param knowsInfoHash whether its dictionary has the info-hash of the swarm
public record IspPlan(
        List<String> detectors, ArticlePattern.Rule pattern, Policy policy, boolean knowsInfoHash) {

    /// An ISP that forwards and looks at nothing.
    public static final IspPlan IDLE =
            new IspPlan(List.of(), ArticlePattern.Rule.DEFAULT, Policy.IDLE, false);

    public IspPlan {
        detectors = List.copyOf(detectors);
    }
}
