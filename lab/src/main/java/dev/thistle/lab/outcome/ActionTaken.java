package dev.thistle.lab.outcome;

import dev.thistle.isp.flow.FlowKey;

/// Something the ISP did to a flow: a line of `actions.ndjson`.
///
/// @param seconds since the first leecher of the trial started
/// @param action `throttle`, `reset` or `drop`
/// @param detector whose verdict led to it
/// @param detail one line for people, such as what was sent with which numbers
public record ActionTaken(
        String round,
        double seconds,
        String action,
        FlowKey flow,
        String detector,
        String detail) {}
