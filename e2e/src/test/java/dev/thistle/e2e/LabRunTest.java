package dev.thistle.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.e2e.lab.CapturedTalk;
import dev.thistle.e2e.lab.LabProgram;
import dev.thistle.e2e.lab.LabProgram.Outcome;
import dev.thistle.e2e.lab.LabResults;
import dev.thistle.e2e.lan.Needs;
import dev.thistle.e2e.wire.Conversation;
import dev.thistle.isp.capture.CaptureReader;
import dev.thistle.isp.flow.FlowKey;
import dev.thistle.isp.packet.Address;
import dev.thistle.isp.packet.Endpoint;
import dev.thistle.isp.packet.Packet.Transport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The built-in scenario, all rounds of it, through the program: every claim holds, every file can
/// be read, and the files say what the live box saw. All tests look at one and the same run.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(900)
class LabRunTest {

    /// The run takes two to three minutes; more is a busy machine.
    private static final Duration PATIENCE = Duration.ofMinutes(12);

    private static final Duration SCAN_PATIENCE = Duration.ofMinutes(1);

    private static final List<String> ROUNDS =
            List.of(
                    "r0-open",
                    "r0-throttle",
                    "r0-reset",
                    "r1-mse",
                    "r1-pattern",
                    "r1-pattern-reset",
                    "r1-drop-one",
                    "r1-drop-both",
                    "r1-drop-throttle",
                    "r2-snoop",
                    "r2-tpo",
                    "r2-tpo-pattern",
                    "r2-tpo-dictionary",
                    "r3-fet",
                    "r3-fet-shaped");

    private static final List<String> SIDES = List.of("access", "internet");

    private static final int TRACKER_PORT = 6969;
    private static final int PEER_PORT = 51_413;

    private static final Pattern ASKED_HASH = Pattern.compile("[?&]info_hash=([^&\\s]+)");
    private static final Pattern ESCAPE = Pattern.compile("%([0-9a-fA-F]{2})");

    /// Packets of ICMP are counted: who closes a port while an answer is under way to it says so.
    private static final Pattern UNREACHABLE_PORTS =
            Pattern.compile(
                    "[1-9] packets are not TCP or UDP, or not whole \\(0 cut by the capture\\)");

    /// What makes a browser fetch something.
    private static final Pattern REFERENCE =
            Pattern.compile(
                    "(?i)(\\b(src|href|srcset|action|poster)\\s*=\\s*[\"']?+(?!#|data:)"
                            + "|@import|url\\((?![\"']?data:)"
                            + "|<(link|script|iframe|object|embed)\\b)");

    /// @param results its folder
    private record Run(Outcome outcome, LabResults results) {}

    private Path home = Path.of("");
    private @Nullable Run run;

    /// Given here, so that it stays until the last test has looked at it.
    @BeforeAll
    void settle(@TempDir Path folder) {
        home = folder;
    }

    /// Played by whichever test is the first.
    private Run run() throws IOException, InterruptedException {
        Needs.network();
        Needs.program("nft", "nftables");
        Needs.thistle();
        if (run == null) {
            Path folder = home.resolve("results");
            try (var program =
                    LabProgram.start(
                            home,
                            "lab",
                            "run",
                            "isp-vs-bittorrent",
                            "--quick",
                            "-o",
                            folder,
                            "--json")) {
                run = new Run(program.await(PATIENCE), new LabResults(folder));
            }
        }
        return run;
    }

    private LabResults results() throws IOException, InterruptedException {
        return run().results();
    }

    @Test
    void every_round_meets_what_it_states() throws Exception {
        Outcome outcome = run().outcome();

        assertThat(outcome.exit()).as("%s", outcome.err()).isZero();
        assertThat(outcome.err().lines()).contains("15 of 15 rounds hold");
        JsonNode rounds = JsonMapper.shared().readTree(outcome.out()).get("rounds");
        assertThat(texts(rounds, "id")).containsExactlyElementsOf(ROUNDS);
        assertThat(rounds).allMatch(round -> round.get("failures").isEmpty());
        assertThat(rounds).allMatch(round -> round.get("holds").booleanValue());
        assertThat(rounds).allMatch(round -> round.get("expected").size() > 0);
        assertThat(rounds).allMatch(round -> round.get("benignFlows").intValue() > 20);
    }

    @Test
    void stdout_is_the_summary_and_nothing_else() throws Exception {
        JsonNode said = JsonMapper.shared().readTree(run().outcome().out());

        assertThat(said).isEqualTo(results().document("summary.json"));
        assertThat(said.propertyNames()).contains("scenario", "seed", "era", "rounds");
        assertThat(said.get("rounds"))
                .allSatisfy(round ->
                        assertThat(round.propertyNames())
                                .contains(
                                        "id",
                                        "client",
                                        "isp",
                                        "peers",
                                        "completed",
                                        "goodputMbps",
                                        "goodputRatio",
                                        "flows",
                                        "identified",
                                        "falsePositives",
                                        "benignFlows",
                                        "customersIdentified",
                                        "resetsInjected",
                                        "connectionsKilled",
                                        "throttledFlows",
                                        "expected",
                                        "holds"));
    }

    @Test
    void all_files_are_there_and_whole() throws Exception {
        var expected =
                new ArrayList<>(
                        List.of(
                                "summary.json",
                                "report.html",
                                "manifest.json",
                                "truth.ndjson",
                                "events.ndjson",
                                "actions.ndjson",
                                "flows.csv"));
        for (String round : ROUNDS) {
            SIDES.forEach(side -> expected.add("captures/%s-%s.pcapng".formatted(round, side)));
        }
        assertThat(results().names()).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(results().document("manifest.json").propertyNames())
                .contains("thistle", "started", "jdk", "kernel", "processors", "scenarioSha256");
        JsonNode rounds = results().document("summary.json").get("rounds");
        for (int i = 0; i < ROUNDS.size(); i++) {
            String round = ROUNDS.get(i);
            assertThat(results().lines("truth.ndjson", round)).as(round).hasSizeGreaterThan(50);
            assertThat(results().flows(round)).as(round).hasSizeGreaterThan(50);
            boolean found = rounds.get(i).get("customersIdentified").intValue() > 0;
            assertThat(results().lines("events.ndjson", round).isEmpty()).isEqualTo(!found);
            boolean acted = rounds.get(i).get("resetsInjected").intValue() > 0;
            assertThat(
                            results().lines("actions.ndjson", round).stream()
                                    .anyMatch(line ->
                                            line.get("action").stringValue().equals("reset")))
                    .as(round)
                    .isEqualTo(acted);
        }
    }

    @Test
    void the_report_opens_without_a_network() throws Exception {
        String html = Files.readString(results().folder().resolve("report.html"));

        assertThat(html).startsWith("<!").contains("</html>").contains(ROUNDS);
        assertThat(html).doesNotContainPattern(REFERENCE);
        assertThat("<img src=x>").containsPattern(REFERENCE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"access", "internet"})
    void captures_can_be_read_by_us_and_by_tcpdump(String side) throws Exception {
        for (String round : ROUNDS) {
            Path file = results().capture(round, side);
            long packets = 0;
            try (var capture = CaptureReader.open(file)) {
                while (capture.next() != null) {
                    packets++;
                }
                assertThat(capture.notes()).isEmpty();
            }
            assertThat(packets).isGreaterThan(1_000);
            assertThat(tcpdump(file)).as(file.toString()).contains(packets + " packets");
        }
    }

    private static String tcpdump(Path file) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder("tcpdump", "-n", "--count", "-r", "-")
                        .redirectInput(file.toFile())
                        .redirectErrorStream(true)
                        .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }

    /// As bytes, in hex, or escaped for a URL. That the search finds what is there, and that it is
    /// the same torrent, is shown by the round with the clear tracker and by BEP 8's hash of the
    /// hash.
    @ParameterizedTest
    @CsvSource({"access", "internet"})
    void obfuscation_keeps_the_info_hash_off_the_wire(String side) throws Exception {
        byte[] infoHash = infoHash();
        String hashOfHash = text(MessageDigest.getInstance("SHA-1").digest(infoHash));

        String clear = unescaped(text(Files.readAllBytes(results().capture("r2-snoop", side))));
        String hidden = text(Files.readAllBytes(results().capture("r2-tpo", side)));
        String plain = unescaped(hidden);
        String hex = HexFormat.of().formatHex(infoHash);

        assertThat(clear.contains(text(infoHash))).isTrue();
        assertThat(plain.contains(hashOfHash)).isTrue();
        assertThat(hidden.contains(text(infoHash))).isFalse();
        assertThat(plain.contains(text(infoHash))).isFalse();
        assertThat(plain.toLowerCase(Locale.ROOT).contains(hex)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"access", "internet"})
    void obfuscation_hides_all_peers_from_who_watches_the_tracker(String side) throws Exception {
        List<Conversation> clear =
                CapturedTalk.with(TRACKER_PORT, results().capture("r2-snoop", side));
        List<Conversation> hidden =
                CapturedTalk.with(TRACKER_PORT, results().capture("r2-tpo", side));

        assertThat(leaks("r2-snoop").in(clear))
                .contains(
                        "announce: the info-hash as bytes",
                        "announce: the listening port " + PEER_PORT)
                .anyMatch(leak -> leak.startsWith("answer: the address"));
        assertThat(hidden)
                .filteredOn(talk -> talk.sent().length() > 0)
                .hasSizeGreaterThanOrEqualTo(3)
                .allMatch(talk -> talk.answered().length() > 0);
        assertThat(leaks("r2-tpo").in(hidden)).isEmpty();
    }

    private AnnounceLeaks leaks(String round) throws Exception {
        Set<String> addresses = new TreeSet<>();
        for (Map<String, String> flow : results().flows(round)) {
            if ("bittorrent".equals(flow.get("application"))) {
                addresses.add(address(flow.get("client")));
                addresses.add(address(flow.get("server")));
            }
        }
        assertThat(addresses).as("peers of " + round).hasSize(13);
        return new AnnounceLeaks(
                HexFormat.of().formatHex(infoHash()), List.copyOf(addresses), List.of(PEER_PORT));
    }

    private static String address(@Nullable String endpoint) {
        String[] parts = String.valueOf(endpoint).split(":", -1);
        return parts[0];
    }

    /// Out of a clear announce.
    private byte[] infoHash() throws Exception {
        Path file = results().capture("r2-snoop", "access");
        for (Conversation talk : CapturedTalk.with(TRACKER_PORT, file)) {
            Matcher asked = ASKED_HASH.matcher(talk.sent().text());
            if (asked.find()) {
                byte[] hash = unescaped(asked.group(1)).getBytes(StandardCharsets.ISO_8859_1);
                assertThat(hash).hasSize(20);
                return hash;
            }
        }
        throw new AssertionError("no announce in " + file);
    }

    private static String unescaped(String text) {
        return ESCAPE.matcher(text)
                .replaceAll(m ->
                        Matcher.quoteReplacement(
                                String.valueOf((char) HexFormat.fromHexDigits(m.group(1)))));
    }

    /// One char a byte.
    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /// The detectors of the round, that is: `scan` has all of them. The live box sits between the
    /// lines and the capture was taken before them, so the moments differ; whom it is about must
    /// not.
    @ParameterizedTest
    @CsvSource({
        "r0-open,    D-S1",
        "r1-pattern, D-H1",
        "r2-snoop,   D-T1",
        "r3-fet,     D-E1:paper",
    })
    void a_scan_of_the_customers_lines_finds_what_the_live_box_found(String round, String detector)
            throws Exception {
        Path capture = results().capture(round, "access");
        Set<String> live =
                results().lines("events.ndjson", round).stream()
                        .filter(line -> line.get("detector").stringValue().equals(detector))
                        .map(line -> line.get("subject").stringValue())
                        .collect(Collectors.toSet());
        JsonNode scanned;
        try (var program =
                LabProgram.start(
                        Files.createDirectories(home.resolve("scan-" + round)),
                        "isp",
                        "scan",
                        capture,
                        "--json",
                        "--customer",
                        "10.64.0.0/16")) {
            Outcome outcome = program.await(SCAN_PATIENCE);
            assertThat(outcome.exit()).as("%s", outcome).isZero();
            scanned = JsonMapper.shared().readTree(outcome.out());
        }

        assertThat(live).isNotEmpty();
        assertThat(subjects(scanned, detector)).isEqualTo(live);
        assertThat(elements(scanned.get("notes")).map(JsonNode::stringValue))
                .as("what was not read")
                .allMatch(note -> UNREACHABLE_PORTS.matcher(note).matches());
    }

    /// Flows that have it as their own, endpoints, customers. A flow also shows the verdicts on its
    /// ends, which are those of the endpoints here.
    private static Set<String> subjects(JsonNode scanned, String detector) {
        Stream<String> endpoints =
                elements(scanned.get("endpoints"))
                        .filter(each -> has(each, detector))
                        .map(each -> each.get("endpoint").stringValue());
        Set<String> found = endpoints.collect(Collectors.toCollection(TreeSet::new));
        if (found.isEmpty()) {
            elements(scanned.get("flows"))
                    .filter(each -> has(each, detector))
                    .forEach(each -> found.add(flow(each)));
        }
        elements(scanned.get("customers"))
                .filter(each -> has(each, detector))
                .forEach(each -> found.add(each.get("customer").stringValue()));
        return found;
    }

    private static boolean has(JsonNode subject, String detector) {
        return texts(subject.get("verdicts"), "detector").contains(detector);
    }

    private static String flow(JsonNode flow) {
        return FlowKey.of(
                        Transport.valueOf(
                                flow.get("transport").stringValue().toUpperCase(Locale.ROOT)),
                        endpoint(flow.get("client").stringValue()),
                        endpoint(flow.get("server").stringValue()))
                .toString();
    }

    private static Endpoint endpoint(String text) {
        String[] parts = text.split(":", -1);
        String[] bytes = parts[0].split("\\.", -1);
        int bits = 0;
        for (String each : bytes) {
            bits = bits << 8 | Integer.parseInt(each);
        }
        return new Endpoint(Address.v4(bits), Integer.parseInt(parts[1]));
    }

    private static List<String> texts(JsonNode array, String field) {
        return elements(array).map(each -> each.get(field).stringValue()).toList();
    }

    private static Stream<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
