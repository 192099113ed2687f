package dev.thistle.lab.scenario;

import java.util.OptionalDouble;
import java.util.OptionalInt;

/// What has to come out of a round; whatever is absent is not judged.
///
/// @param goodputRatioMin against the same client with the ISP idle
/// @param identifiedShareMin of the swarm's flows that crossed the box
/// @param customersIdentifiedMin of the customers in the swarm
/// @param falsePositivesMax flows of others that were identified
/// @param connectionsKilledMin connections that both ends saw reset although neither had
public record Expectation(
        OptionalDouble goodputRatioMin,
        OptionalDouble goodputRatioMax,
        OptionalDouble identifiedShareMin,
        OptionalDouble identifiedShareMax,
        OptionalInt customersIdentifiedMin,
        OptionalInt customersIdentifiedMax,
        OptionalInt falsePositivesMax,
        OptionalInt connectionsKilledMin,
        OptionalInt connectionsKilledMax,
        OptionalInt throttledFlowsMin) {}
