package dev.thistle.isp.scan;

import dev.thistle.isp.capture.CaptureReader;
import dev.thistle.isp.capture.Captured;
import dev.thistle.isp.detect.ArticlePattern;
import dev.thistle.isp.detect.DetectorCatalog;
import dev.thistle.isp.detect.Inspection;
import dev.thistle.isp.flow.Flow;
import dev.thistle.isp.packet.Packet;
import dev.thistle.isp.packet.Subnet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Runs all detectors over a capture, as a box in the network would have, and says what it would
/// have concluded. A verdict on an endpoint covers the flows that come while it stands.
public final class Scan {

    /// Whose addresses count as customers if nobody says: RFC 1918, RFC 6598 and fc00::/7.
    public static final List<Subnet> PRIVATE =
            List.of(
                    Subnet.parse("10.0.0.0/8"),
                    Subnet.parse("172.16.0.0/12"),
                    Subnet.parse("192.168.0.0/16"),
                    Subnet.parse("100.64.0.0/10"),
                    Subnet.parse("fc00::/7"));

    private final DetectorCatalog catalog;
    private final List<Subnet> customers;

    /// @param customers whose side is watched; empty for [#PRIVATE]
    public Scan(List<Subnet> customers) {
        this.customers = customers.isEmpty() ? PRIVATE : List.copyOf(customers);
        catalog = new DetectorCatalog(this.customers, Set.of(), ArticlePattern.Rule.DEFAULT);
    }

    /// Reads the capture to its end.
    ///
    /// @throws dev.thistle.isp.capture.CaptureException where the file is broken
    public ScanReport run(CaptureReader capture) throws IOException {
        var findings = new Findings(customers);
        var inspection = new Inspection(catalog.all(), findings::verdict, findings::forgotten);
        for (Captured next = capture.next(); next != null; next = capture.next()) {
            Packet packet = packet(next);
            if (packet == null) {
                findings.other(next);
            } else {
                Flow flow = inspection.observe(packet);
                findings.covered(packet, flow, inspection.covering(flow, packet.nanos()));
            }
        }
        inspection.close();
        var notes = new ArrayList<>(capture.notes());
        return findings.report(notes);
    }

    private static @Nullable Packet packet(Captured captured) {
        return Packet.read(captured.nanos(), captured.ip());
    }
}
