package dev.thistle.lab.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.isp.box.BoxEvent;
import dev.thistle.isp.detect.Subject;
import dev.thistle.isp.detect.Verdict;
import dev.thistle.isp.flow.FlowKey;
import dev.thistle.isp.packet.Endpoint;
import dev.thistle.isp.policy.Action;
import dev.thistle.lab.outcome.RunFolder;
import dev.thistle.lab.truth.Ending;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RoundLinesTest {

    private final TrialScript script = new TrialScript();

    @TempDir Path dir;

    @AfterEach
    void close() {
        script.close();
    }

    private void write() throws IOException {
        try (RunFolder folder = RunFolder.create(dir)) {
            new RoundLines(folder, "r1", script.record()).write();
        }
    }

    private List<JsonNode> lines(String file) throws IOException {
        return Files.readAllLines(dir.resolve(file)).stream()
                .map(JsonMapper.shared()::readTree)
                .toList();
    }

    @Test
    void a_connection_that_its_ends_watched_is_told_once_with_its_fate() throws Exception {
        Endpoint caller = script.caller(script.peer);
        script.connection(caller, Ending.RESET, script.seeder, Ending.RESET);
        script.flow(caller, script.seeder);
        script.flow(script.neighbour, script.web);
        write();

        List<JsonNode> truth = lines("truth.ndjson");
        assertThat(truth).hasSize(2);
        assertThat(truth.getFirst().get("flow").stringValue())
                .isEqualTo("TCP 10.64.0.1:51413 " + caller);
        assertThat(truth.getFirst().get("fate").stringValue()).isEqualTo("killed");
        assertThat(truth.getFirst().get("role").stringValue()).isEqualTo("seeder");
        assertThat(truth.getLast().get("application").stringValue()).isEqualTo("web");
        assertThat(truth.getLast().get("fate").stringValue()).isEqualTo("unwatched");
    }

    @Test
    void a_flow_is_a_line_with_the_truth_beside_the_opinion() throws Exception {
        script.flow(
                script.neighbour,
                script.web,
                100,
                Optional.of(TrialScript.RESET),
                "D-E1:paper",
                "D-H1");
        for (Action action : List.of(TrialScript.THROTTLE, new Action.Drop(), new Action.Watch())) {
            script.flow(script.caller(script.peer), script.seeder, 1, Optional.of(action));
        }
        script.flow(script.caller(script.peer), script.seeder);
        write();

        List<String> flows = Files.readAllLines(dir.resolve("flows.csv"));
        assertThat(flows.get(1))
                .isEqualTo(
                        "r1,0.500000,1.500000,TCP,10.64.0.3:40000,10.128.0.4:443,3,100,2,0,web,"
                                + "D-E1:paper D-H1,reset");
        assertThat(flows.subList(2, 6))
                .satisfiesExactly(
                        line -> assertThat(line).endsWith("bittorrent,,throttle"),
                        line -> assertThat(line).endsWith("bittorrent,,drop"),
                        line -> assertThat(line).endsWith("bittorrent,,watch"),
                        line -> assertThat(line).endsWith("bittorrent,,"));
    }

    @Test
    void actions_name_the_detector_that_led_to_them_and_verdicts_are_events() throws Exception {
        long now = TrialScript.after(250);
        FlowKey flow = script.flow(script.caller(script.peer), script.seeder, "D-S1", "D-H1");
        FlowKey unknown = TrialScript.key(script.caller(script.other), script.seeder);
        var subject = new Subject.OfFlow(flow);
        script.events.add(
                new BoxEvent.Identified(new Verdict(now, "D-S1", subject, "a handshake", 4, 68)));
        script.events.add(
                new BoxEvent.Throttled(now, flow, (Action.Throttle) TrialScript.THROTTLE));
        script.events.add(new BoxEvent.ResetForged(now, flow, script.seeder, -1, 2));
        script.events.add(new BoxEvent.Dropped(now, unknown));
        write();

        assertThat(lines("events.ndjson"))
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.get("seconds").doubleValue()).isEqualTo(0.25);
                    assertThat(event.get("detector").stringValue()).isEqualTo("D-S1");
                    assertThat(event.get("subject").stringValue()).isEqualTo(flow.toString());
                });
        List<JsonNode> actions = lines("actions.ndjson");
        assertThat(actions)
                .extracting(action -> action.get("action").stringValue())
                .containsExactly("throttle", "reset", "drop");
        assertThat(actions)
                .extracting(action -> action.get("detector").stringValue())
                .containsExactly("D-S1", "D-S1", "");
        assertThat(actions)
                .extracting(action -> action.get("detail").stringValue())
                .containsExactly(
                        "2.0 Mbit/s a flow",
                        "towards 10.64.0.1:51413, sequence number 4294967295, copies 2",
                        "all packets");
    }
}
