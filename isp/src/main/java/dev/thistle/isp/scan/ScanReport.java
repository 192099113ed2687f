package dev.thistle.isp.scan;

import dev.thistle.isp.detect.Verdict;
import dev.thistle.isp.flow.Flow;
import dev.thistle.isp.packet.Address;
import dev.thistle.isp.packet.Endpoint;
import dev.thistle.isp.packet.Packet.Transport;
import java.util.List;

/// What a scan found.
///
/// @param suspects flows with a verdict of their own or on one of their ends, by their start
/// @param endpoints with verdicts, by address and port
/// @param customers with verdicts or suspect flows, by address
/// @param notes for people: what could not be read, what was left out
public record ScanReport(
        Counts counts,
        List<SeenFlow> suspects,
        List<SeenEndpoint> endpoints,
        List<SeenCustomer> customers,
        List<String> notes) {

    public ScanReport {
        suspects = List.copyOf(suspects);
        endpoints = List.copyOf(endpoints);
        customers = List.copyOf(customers);
        notes = List.copyOf(notes);
    }

    /// How much was looked at.
    ///
    /// @param packets of TCP and UDP
    /// @param otherPackets of the file, which are neither, or are fragments or cut short
    /// @param ipBytes of the packets
    /// @param suspectFlows how many of the flows have a verdict that covers them
    /// @param nanos from the first packet to the last
    public record Counts(
            long packets,
            long otherPackets,
            long ipBytes,
            long flows,
            long suspectFlows,
            long nanos) {}

    /// A flow and the verdicts that cover it, its own first.
    ///
    /// @param firstNanos since 1970
    /// @param lastNanos since 1970
    public record SeenFlow(
            Transport transport,
            Endpoint client,
            Endpoint server,
            boolean sawStart,
            long packets,
            long payloadBytes,
            long firstNanos,
            long lastNanos,
            List<Verdict> verdicts) {

        static SeenFlow of(Flow flow, List<Verdict> verdicts) {
            return new SeenFlow(
                    flow.key().transport(),
                    flow.client(),
                    flow.server(),
                    flow.sawStart(),
                    flow.packets(),
                    flow.payloadBytes(),
                    flow.startNanos(),
                    flow.lastNanos(),
                    List.copyOf(verdicts));
        }
    }

    /// An endpoint and the verdicts on it, the last of each detector.
    public record SeenEndpoint(Endpoint endpoint, List<Verdict> verdicts) {}

    /// A customer, the verdicts on it, and its suspect flows.
    public record SeenCustomer(
            Address customer, long flows, long suspectFlows, List<Verdict> verdicts) {}
}
