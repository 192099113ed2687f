package dev.thistle.cli;

import dev.thistle.isp.capture.CaptureException;
import dev.thistle.isp.capture.CaptureReader;
import dev.thistle.isp.detect.Verdict;
import dev.thistle.isp.packet.Subnet;
import dev.thistle.isp.scan.Scan;
import dev.thistle.isp.scan.ScanReport;
import dev.thistle.isp.scan.ScanReport.SeenCustomer;
import dev.thistle.isp.scan.ScanReport.SeenEndpoint;
import dev.thistle.isp.scan.ScanReport.SeenFlow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// `thistle isp scan`: shows what the detectors found in a capture.
final class ScanDisplay {

    /// More lines of a kind are for scripts.
    private static final int MAX_LINES = 40;

    private record Document(
            Counts counts,
            List<FlowLine> flows,
            List<EndpointLine> endpoints,
            List<CustomerLine> customers,
            List<String> notes) {}

    private record Counts(
            long packets,
            long otherPackets,
            long ipBytes,
            long flows,
            long suspectFlows,
            double seconds) {}

    private record FlowLine(
            String transport,
            String client,
            String server,
            boolean sawStart,
            long packets,
            long payloadBytes,
            String first,
            String last,
            List<Reason> verdicts) {}

    private record EndpointLine(String endpoint, List<Reason> verdicts) {}

    private record CustomerLine(
            String customer, long flows, long suspectFlows, List<Reason> verdicts) {}

    private record Reason(
            String detector, String at, String evidence, long packetsSeen, long payloadBytesSeen) {}

    private final Console console;

    ScanDisplay(Console console) {
        this.console = console;
    }

    int scan(Path file, List<Subnet> customers, boolean json) throws IOException {
        ScanReport report = run(file, customers);
        if (json) {
            Json.print(console, document(report));
        } else {
            print(report);
        }
        return 0;
    }

    private static ScanReport run(Path file, List<Subnet> customers) throws IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        if (Files.isDirectory(file)) {
            throw new IOException("%s: a folder, allowed a pcap or pcapng file".formatted(file));
        }
        try (var capture = CaptureReader.open(file)) {
            return new Scan(customers).run(capture);
        } catch (CaptureException broken) {
            throw new IOException("%s: %s".formatted(file, broken.getMessage()), broken);
        }
    }

    private void print(ScanReport report) {
        ScanReport.Counts counts = report.counts();
        console.say(
                String.format(
                        Locale.ROOT,
                        "%s in %s over %.1f s, %s; %d suspect",
                        Console.count(counts.packets(), "packet"),
                        Console.bytes(counts.ipBytes()),
                        seconds(counts.nanos()),
                        Console.count(counts.flows(), "flow"),
                        counts.suspectFlows()));
        table("Flows", report.suspects().stream().map(ScanDisplay::lines).toList());
        table("Endpoints", report.endpoints().stream().map(ScanDisplay::lines).toList());
        table("Customers", report.customers().stream().map(ScanDisplay::lines).toList());
        report.notes().forEach(note -> console.note("note: " + note));
    }

    private void table(String title, List<List<String>> entries) {
        if (entries.isEmpty()) {
            return;
        }
        console.say("");
        console.say(title);
        entries.stream().limit(MAX_LINES).flatMap(List::stream).forEach(console::say);
        if (entries.size() > MAX_LINES) {
            console.say("  and %d more; --json lists all".formatted(entries.size() - MAX_LINES));
        }
    }

    private static List<String> lines(SeenFlow flow) {
        String head =
                "  %-4s %s > %s  %s, %s"
                        .formatted(
                                flow.transport(),
                                flow.client(),
                                flow.server(),
                                Console.count(flow.packets(), "packet"),
                                Console.bytes(flow.payloadBytes()));
        return withReasons(head, flow.verdicts());
    }

    private static List<String> lines(SeenEndpoint endpoint) {
        return withReasons("  " + endpoint.endpoint(), endpoint.verdicts());
    }

    private static List<String> lines(SeenCustomer customer) {
        String head =
                "  %s  %d of %s suspect"
                        .formatted(
                                customer.customer(),
                                customer.suspectFlows(),
                                Console.count(customer.flows(), "flow"));
        return withReasons(head, customer.verdicts());
    }

    private static List<String> withReasons(String head, List<Verdict> verdicts) {
        var lines = new ArrayList<String>();
        lines.add(head);
        for (Verdict verdict : verdicts) {
            lines.add("      %-13s %s".formatted(verdict.detector(), verdict.evidence()));
        }
        return lines;
    }

    private static Document document(ScanReport report) {
        ScanReport.Counts counts = report.counts();
        return new Document(
                new Counts(
                        counts.packets(),
                        counts.otherPackets(),
                        counts.ipBytes(),
                        counts.flows(),
                        counts.suspectFlows(),
                        seconds(counts.nanos())),
                report.suspects().stream().map(ScanDisplay::line).toList(),
                report.endpoints().stream()
                        .map(each ->
                                new EndpointLine(
                                        each.endpoint().toString(), reasons(each.verdicts())))
                        .toList(),
                report.customers().stream()
                        .map(each ->
                                new CustomerLine(
                                        each.customer().toString(),
                                        each.flows(),
                                        each.suspectFlows(),
                                        reasons(each.verdicts())))
                        .toList(),
                report.notes());
    }

    private static FlowLine line(SeenFlow flow) {
        return new FlowLine(
                flow.transport().name().toLowerCase(Locale.ROOT),
                flow.client().toString(),
                flow.server().toString(),
                flow.sawStart(),
                flow.packets(),
                flow.payloadBytes(),
                time(flow.firstNanos()),
                time(flow.lastNanos()),
                reasons(flow.verdicts()));
    }

    private static List<Reason> reasons(List<Verdict> verdicts) {
        return verdicts.stream()
                .map(verdict ->
                        new Reason(
                                verdict.detector(),
                                time(verdict.nanos()),
                                verdict.evidence(),
                                verdict.packetsSeen(),
                                verdict.payloadBytesSeen()))
                .toList();
    }

    private static double seconds(long nanos) {
        return nanos / 1e9;
    }

    private static String time(long nanos) {
        return Instant.EPOCH.plus(Duration.ofNanos(nanos)).toString();
    }
}
