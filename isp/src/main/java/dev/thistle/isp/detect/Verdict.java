package dev.thistle.isp.detect;

/// A detector's opinion: this is BitTorrent, and here is why.
///
/// @param nanos when, on the clock of the packets
/// @param detector its identifier, such as `D-S1` or `D-E1:paper`
/// @param evidence one line for people: which bytes, which counts
/// @param packetsSeen of the flow, up to the verdict; 0 where it is not about one flow
/// @param payloadBytesSeen of the flow, up to the verdict; 0 where it is not about one flow
public record Verdict(
        long nanos,
        String detector,
        Subject subject,
        String evidence,
        long packetsSeen,
        long payloadBytesSeen) {}
