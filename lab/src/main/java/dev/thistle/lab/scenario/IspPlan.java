package dev.thistle.lab.scenario;

import dev.thistle.isp.policy.Policy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// What the ISP of a round looks for and does about it.
///
/// @param detectors which run, with their parameters
/// @param policy what follows
/// @param knowsInfoHash whether its dictionary has the info-hash of the swarm
public record IspPlan(List<DetectorPlan> detectors, Policy policy, boolean knowsInfoHash) {

    /// The identifiers that a scenario may name.
    public static final List<String> DETECTORS =
            List.of(
                    "D-S1",
                    "D-S2",
                    "D-S3",
                    "D-S9",
                    "D-E1:paper",
                    "D-E1:ndpi",
                    "D-E1:opengfw",
                    "D-E2",
                    "D-H1",
                    "D-T1",
                    "D-T4");

    /// One detector. What is absent has the default of the literature.
    ///
    /// @param id such as `D-S1` or `D-E1:paper`
    /// @param parameters of the pattern rule D-H1; ignored by others
    public record DetectorPlan(String id, Optional<Pattern> parameters) {}

    /// The article's pattern rule: D-H1.
    ///
    /// @param window in which remotes and bytes are counted
    /// @param remotes distinct hosts that completed a handshake to one port
    /// @param uploadBytes of those flows; absent if only the share counts
    /// @param uploadShare of all their bytes, 0 to 1
    /// @param life how long the verdict on the port stands
    /// @param onlyUnusualPorts whether well-known ports are left alone
    public record Pattern(
            Duration window,
            int remotes,
            OptionalLong uploadBytes,
            double uploadShare,
            Duration life,
            boolean onlyUnusualPorts) {

        /// The article gives no numbers; these are the literature sheet's defaults for its rule.
        public static final Pattern ARTICLE =
                new Pattern(
                        Duration.ofSeconds(60),
                        8,
                        OptionalLong.of(1_000_000),
                        0.6,
                        Duration.ofSeconds(600),
                        true);
    }

    public IspPlan {
        detectors = List.copyOf(detectors);
    }
}
