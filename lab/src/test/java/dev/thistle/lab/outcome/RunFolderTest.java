package dev.thistle.lab.outcome;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.isp.detect.Subject;
import dev.thistle.isp.detect.Verdict;
import dev.thistle.isp.flow.FlowKey;
import dev.thistle.isp.packet.Address;
import dev.thistle.isp.packet.Endpoint;
import dev.thistle.isp.packet.Packet.Transport;
import dev.thistle.lab.truth.TruthRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RunFolderTest {

    private static final FlowKey FLOW =
            FlowKey.of(
                    Transport.TCP,
                    new Endpoint(Address.v4(0x0A400001), 40_000),
                    new Endpoint(Address.v4(0x0A800001), 6881));

    @TempDir Path dir;

    @Test
    void a_finished_run_has_all_its_files_and_no_parts() throws Exception {
        Summary summary = SampleRun.summary();
        var manifest =
                new Manifest(
                        "0.1.0",
                        Instant.EPOCH,
                        summary.scenario(),
                        List.of("root"),
                        List.of(),
                        List.of());
        try (RunFolder folder = RunFolder.create(dir.resolve("new/run"))) {
            folder.finish(summary, manifest);
        }

        try (Stream<Path> files = Files.list(dir.resolve("new/run"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "truth.ndjson",
                            "events.ndjson",
                            "actions.ndjson",
                            "flows.csv",
                            "manifest.json",
                            "report.html",
                            "summary.json");
        }
        assertThat(Files.readString(dir.resolve("new/run/report.html")))
                .isEqualTo(Report.html(summary));
        assertThat(json("new/run/manifest.json").get("capabilities").get(0).stringValue())
                .isEqualTo("root");
    }

    @Test
    void until_a_run_is_over_its_files_do_not_have_their_names() throws Exception {
        RunFolder folder = RunFolder.create(dir);

        assertThat(dir.resolve("flows.csv.part")).exists();
        assertThat(dir.resolve("flows.csv")).doesNotExist();
        folder.close();
        assertThat(dir.resolve("flows.csv.part")).doesNotExist();
        assertThat(dir.resolve("flows.csv")).exists();
        assertThat(dir.resolve("summary.json")).doesNotExist();
    }

    @Test
    void every_line_is_a_document() throws Exception {
        try (RunFolder folder = RunFolder.create(dir)) {
            folder.truth(
                    "r1",
                    new TruthRow(
                            FLOW.toString(),
                            "bittorrent",
                            "customer-1",
                            "seeder",
                            "reset",
                            "reset",
                            "killed"));
            folder.event(
                    "r1",
                    1.5,
                    new Verdict(
                            7, "D-S1", new Subject.OfFlow(FLOW), "a \"quote\"\nand more", 4, 68));
            folder.event(
                    "r1",
                    2,
                    new Verdict(
                            7, "D-H1", new Subject.OfEndpoint(FLOW.low(), 9), "8 remotes", 0, 0));
            folder.action(new ActionTaken("r1", 1.5, "reset", FLOW, "D-S1", "2 copies"));
        }

        assertThat(json("truth.ndjson").toString())
                .isEqualTo(
                        "{\"round\":\"r1\",\"flow\":\"TCP 10.64.0.1:40000 10.128.0.1:6881\","
                                + "\"application\":\"bittorrent\",\"customer\":\"customer-1\","
                                + "\"role\":\"seeder\",\"lowEnd\":\"reset\","
                                + "\"highEnd\":\"reset\",\"fate\":\"killed\"}");
        assertThat(Files.readAllLines(dir.resolve("events.ndjson")))
                .containsExactly(
                        "{\"round\":\"r1\",\"seconds\":1.5,\"detector\":\"D-S1\",\"about\":\"flow\","
                                + "\"subject\":\"TCP 10.64.0.1:40000 10.128.0.1:6881\","
                                + "\"evidence\":\"a \\\"quote\\\"\\nand more\",\"packetsSeen\":4,"
                                + "\"payloadBytesSeen\":68}",
                        "{\"round\":\"r1\",\"seconds\":2.0,\"detector\":\"D-H1\","
                                + "\"about\":\"endpoint\",\"subject\":\"10.64.0.1:40000\","
                                + "\"evidence\":\"8 remotes\",\"packetsSeen\":0,"
                                + "\"payloadBytesSeen\":0}");
        assertThat(json("actions.ndjson").get("action").stringValue()).isEqualTo("reset");
    }

    @Test
    void a_table_of_flows_quotes_what_needs_it() throws Exception {
        try (RunFolder folder = RunFolder.create(dir)) {
            folder.flow(flow("browser"));
            folder.flow(flow("say \"b\""));
            folder.flow(flow("a,b"));
            folder.flow(flow("a\nb"));
            folder.flow(flow("a\rb"));
        }

        String line =
                "r1,0.500000,1.250000,TCP,10.64.0.1:1,10.128.0.1:2,3,4,5,6,%s,D-S1 D-H1,reset";
        assertThat(Files.readString(dir.resolve("flows.csv")))
                .isEqualTo(
                        String.join(
                                "\r\n",
                                "round,start_seconds,end_seconds,transport,client,server,"
                                        + "packets_from_client,payload_bytes_from_client,"
                                        + "packets_from_server,payload_bytes_from_server,"
                                        + "application,detectors,action",
                                line.formatted("browser"),
                                line.formatted("\"say \"\"b\"\"\""),
                                line.formatted("\"a,b\""),
                                line.formatted("\"a\nb\""),
                                line.formatted("\"a\rb\""),
                                ""));
    }

    private static FlowLine flow(String application) {
        return new FlowLine(
                "r1",
                0.5,
                1.25,
                "TCP",
                "10.64.0.1:1",
                "10.128.0.1:2",
                3,
                4,
                5,
                6,
                application,
                List.of("D-S1", "D-H1"),
                "reset");
    }

    @Test
    void results_of_another_run_are_never_touched() throws Exception {
        Path other = Files.writeString(dir.resolve("summary.json"), "{}");

        assertThatThrownBy(() -> RunFolder.create(dir))
                .isInstanceOf(IOException.class)
                .hasMessage(dir + " is not empty, allowed a new or an empty folder");
        assertThatThrownBy(() -> RunFolder.create(other))
                .hasMessage(other + " is a file, allowed a new folder");
        assertThat(other).hasContent("{}");
    }

    @Test
    void captures_have_a_folder_of_their_own() throws Exception {
        try (RunFolder folder = RunFolder.create(dir)) {
            assertThat(folder.capture("r0-open", "access"))
                    .isEqualTo(dir.resolve("captures/r0-open-access.pcapng"));
            assertThat(dir.resolve("captures")).isDirectory();
        }
    }

    private JsonNode json(String file) throws IOException {
        return JsonMapper.shared().readTree(Files.readString(dir.resolve(file)));
    }
}
