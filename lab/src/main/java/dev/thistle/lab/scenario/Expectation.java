package dev.thistle.lab.scenario;

import java.util.OptionalDouble;
import java.util.OptionalInt;

/// What has to come out of a round; whatever is absent is not judged.
///
/// @param goodputRatioMin against the same client with the ISP idle
/// @param identifiedShareMin of the flows between peers that crossed the box
/// @param customersIdentifiedMin of the customers in the swarm
/// @param falsePositivesMax flows of others that were identified
/// @param resetsInjectedMin forged packets
/// @param connectionsKilledMin connections that both ends saw reset although neither had
/// @param throttledFlowsMin flows of the swarm that were put into a bucket
public record Expectation(
        OptionalDouble goodputRatioMin,
        OptionalDouble goodputRatioMax,
        OptionalDouble identifiedShareMin,
        OptionalDouble identifiedShareMax,
        OptionalInt customersIdentifiedMin,
        OptionalInt customersIdentifiedMax,
        OptionalInt falsePositivesMax,
        OptionalInt resetsInjectedMin,
        OptionalInt resetsInjectedMax,
        OptionalInt connectionsKilledMin,
        OptionalInt connectionsKilledMax,
        OptionalInt throttledFlowsMin,
        OptionalInt throttledFlowsMax) {

    /// Everything else that is expected.
    public Expectation withoutGoodput() {
        return new Expectation(
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                identifiedShareMin,
                identifiedShareMax,
                customersIdentifiedMin,
                customersIdentifiedMax,
                falsePositivesMax,
                resetsInjectedMin,
                resetsInjectedMax,
                connectionsKilledMin,
                connectionsKilledMax,
                throttledFlowsMin,
                throttledFlowsMax);
    }
}
