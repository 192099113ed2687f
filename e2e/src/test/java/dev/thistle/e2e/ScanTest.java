package dev.thistle.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.e2e.SwarmTraffic.Kind;
import dev.thistle.e2e.eyes.Ends;
import dev.thistle.e2e.eyes.Ndpi;
import dev.thistle.e2e.eyes.ThistleScan;
import dev.thistle.e2e.eyes.ThistleScan.Reason;
import dev.thistle.e2e.lan.Lan;
import dev.thistle.e2e.lan.Needs;
import dev.thistle.e2e.peer.Aria2;
import dev.thistle.e2e.peer.Libtorrent;
import dev.thistle.e2e.peer.Opentracker;
import dev.thistle.e2e.peer.Protection;
import dev.thistle.e2e.peer.Transmission;
import dev.thistle.e2e.wire.Conversation;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `thistle isp scan` on traffic that no code of ours made, beside nDPI.
///
/// | connection           | named by             | and not by           |
/// | -------------------- | -------------------- | -------------------- |
/// | plaintext            | D-S1, D-T1           | D-E1                 |
/// | MSE                  | D-E1, D-T1           | D-S1                 |
/// | with the tracker     | D-S3                 | any other            |
/// | a download over HTTP |                      | any                  |
///
/// D-E1 may err once a capture, either way: the pads and keys of MSE are random, and some 0.2 % of
/// first flights have 20 printable bytes in a row or another excuse; of plain handshakes, with
/// their random info-hashes and peer ids, about 2 % have none (isp.md 4.2). Twice among a handful
/// of connections would be no accident.
@Timeout(120)
class ScanTest {

    @Test
    void plaintext_of_others_is_named_by_its_handshake_and_ndpi_agrees(@TempDir Path home)
            throws Exception {
        need();
        try (var lan = new Lan()) {
            var swarm = new ForeignSwarm(lan, home, Protection.PLAINTEXT);
            SwarmTraffic traffic = swarm.record();
            ThistleScan scan =
                    ThistleScan.of(swarm.observatory(), swarm.folder("scan"), traffic.file());
            Ndpi ndpi = Ndpi.of(swarm.observatory(), swarm.folder("ndpi"), traffic.file());

            assertThat(callers(traffic, Kind.PLAIN)).hasSizeGreaterThanOrEqualTo(3);
            assertThat(traffic.of(Kind.PLAIN))
                    .allSatisfy(each -> {
                        assertThat(scan.about(Ends.of(each)))
                                .filteredOn(reason -> reason.detector().equals("D-S1"))
                                .singleElement()
                                .extracting(Reason::evidence)
                                .asString()
                                .contains("info-hash " + traffic.infoHash());
                        assertThat(ndpi.protocol(Ends.of(each))).contains("BitTorrent");
                    });
            assertThat(namedByLooks(scan, traffic.of(Kind.PLAIN))).hasSizeLessThanOrEqualTo(1);
            checkTheRest(traffic, scan);
            print(traffic, ndpi);
        }
    }

    /// nDPI is asked too, and its answer printed: 4.2 called every connection in RC4 `Unknown`. In
    /// the capture with plaintext it called aria2's attempt at MSE BitTorrent, which went to a port
    /// that had spoken plaintext before.
    @Test
    void mse_of_others_is_named_by_its_looks_alone(@TempDir Path home) throws Exception {
        need();
        try (var lan = new Lan()) {
            var swarm = new ForeignSwarm(lan, home, Protection.MSE_RC4);
            SwarmTraffic traffic = swarm.record();
            ThistleScan scan =
                    ThistleScan.of(swarm.observatory(), swarm.folder("scan"), traffic.file());
            Ndpi ndpi = Ndpi.of(swarm.observatory(), swarm.folder("ndpi"), traffic.file());

            assertThat(traffic.of(Kind.PLAIN)).isEmpty();
            assertThat(callers(traffic, Kind.HIDDEN)).hasSizeGreaterThanOrEqualTo(3);
            checkTheRest(traffic, scan);
            print(traffic, ndpi);
        }
    }

    /// Hidden connections, announces, endpoints, and that nothing else is named, nor for another
    /// reason.
    private static void checkTheRest(SwarmTraffic traffic, ThistleScan scan) {
        assertThat(scan.notes()).as("packets that were not understood").isEmpty();
        List<Conversation> hidden = traffic.of(Kind.HIDDEN);
        assertThat(namedByLooks(scan, hidden)).hasSizeGreaterThanOrEqualTo(hidden.size() - 1);
        assertThat(callers(traffic, Kind.ANNOUNCE)).hasSizeGreaterThanOrEqualTo(3);
        assertThat(traffic.of(Kind.ANNOUNCE))
                .filteredOn(each -> each.sent().length() > 0)
                .allSatisfy(each ->
                        assertThat(scan.about(Ends.of(each)))
                                .singleElement()
                                .extracting(Reason::evidence)
                                .asString()
                                .contains("info_hash " + traffic.infoHash()));

        assertThat(scan.endpoints())
                .extracting(ThistleScan.Endpoint::endpoint)
                .containsExactlyInAnyOrderElementsOf(traffic.peers());
        assertThat(scan.endpoints())
                .allSatisfy(each -> {
                    String how =
                            each.endpoint().equals(traffic.seeder()) ? "named by" : "announced its";
                    Reason reason = assertThat(each.verdicts()).singleElement().actual();
                    assertThat(reason.detector()).isEqualTo("D-T1");
                    assertThat(reason.evidence()).contains(how, traffic.infoHash());
                });

        assertThat(traffic.of(Kind.OTHER)).isNotEmpty();
        assertThat(traffic.conversations())
                .allSatisfy(each ->
                        assertThat(detectors(scan, each))
                                .isSubsetOf(reasonsFor(traffic.kind(each))));
        Set<Ends> known =
                traffic.conversations().stream().map(Ends::of).collect(Collectors.toSet());
        assertThat(scan.flows()).extracting(ThistleScan.Flow::ends).isSubsetOf(known);
    }

    /// The only ones there may be; dialects of D-E1 are one.
    private static Set<String> reasonsFor(Kind kind) {
        return switch (kind) {
            case PLAIN -> Set.of("D-S1", "D-E1", "D-T1");
            case HIDDEN -> Set.of("D-E1", "D-T1");
            case SILENT -> Set.of("D-T1");
            case ANNOUNCE -> Set.of("D-S3");
            case OTHER -> Set.of();
        };
    }

    private static Set<String> detectors(ThistleScan scan, Conversation conversation) {
        return scan.about(Ends.of(conversation)).stream()
                .map(reason -> reason.detector().replaceFirst(":.*", ""))
                .collect(Collectors.toSet());
    }

    private static List<Conversation> namedByLooks(ThistleScan scan, List<Conversation> of) {
        return of.stream().filter(each -> detectors(scan, each).contains("D-E1")).toList();
    }

    /// Addresses that dialled such connections.
    private static Set<String> callers(SwarmTraffic traffic, Kind kind) {
        return traffic.of(kind).stream()
                .map(each -> each.caller().getAddress().getHostAddress())
                .collect(Collectors.toSet());
    }

    private static void print(SwarmTraffic traffic, Ndpi ndpi) {
        for (Conversation each : traffic.conversations()) {
            System.out.printf(
                    "nDPI: %-8s %s > %s is %s%n",
                    traffic.kind(each),
                    Ends.text(each.caller()),
                    Ends.text(each.called()),
                    ndpi.protocol(Ends.of(each)));
        }
    }

    private static void need() {
        Needs.network();
        Needs.thistle();
        new Libtorrent().need();
        new Aria2().need();
        new Transmission().need();
        Opentracker.need();
        Needs.program("mktorrent", "mktorrent");
        Ndpi.need();
    }
}
