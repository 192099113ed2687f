package dev.thistle.lab.scenario;

import java.time.Duration;

/// The line between a customer and the ISP's box. Hosts outside have no such limits.
///
/// @param downBitsPerSecond towards the customer
/// @param upBitsPerSecond from the customer
/// @param delay one way
/// @param jitter added to the delay, from nothing to this much; packets keep their order
/// @param lossRate of packets each way, 0 to 1
/// @param mtuBytes of all links
public record AccessNetwork(
        long downBitsPerSecond,
        long upBitsPerSecond,
        Duration delay,
        Duration jitter,
        double lossRate,
        int mtuBytes) {}
