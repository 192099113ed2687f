package dev.thistle.lab.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.lab.scenario.Scenario;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SummaryTest {

    private Summary summary;
    private JsonNode json;

    @BeforeEach
    void write() throws Exception {
        summary = SampleRun.summary();
        json = tree(summary);
    }

    private static JsonNode tree(Summary summary) {
        return JsonMapper.shared()
                .readTree(JsonMapper.shared().writeValueAsString(summary.document()));
    }

    @Test
    void the_document_has_the_keys_that_scripts_rely_on() {
        assertThat(json.propertyNames()).containsExactly("scenario", "seed", "era", "rounds");
        assertThat(json.get("rounds")).hasSize(15);
        for (JsonNode round : json.get("rounds")) {
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
                            "holds");
            assertThat(round.get("client").isObject()).isTrue();
            assertThat(round.get("isp").isObject()).isTrue();
            assertThat(round.get("holds").isBoolean()).isTrue();
        }
    }

    @Test
    void client_isp_and_expectation_are_told_as_they_were_read() {
        JsonNode round = json.get("rounds").get(6);

        assertThat(round.get("client").toString())
                .isEqualTo(
                        "{\"encryption\":\"require\",\"cipher\":\"rc4\",\"padA\":\"random\","
                                + "\"tracker\":\"clear\",\"dropResets\":\"customers\"}");
        assertThat(round.get("isp").toString())
                .isEqualTo(
                        "{\"detectors\":[\"D-H1\"],\"pattern\":{\"windowSeconds\":60.0,\"remotes\":8,"
                                + "\"uploadBytes\":1000000,\"uploadShare\":0.6,"
                                + "\"lifeSeconds\":600.0,\"onlyUnusualPorts\":true},"
                                + "\"policy\":[{\"on\":\"D-H1\",\"do\":\"reset\",\"copies\":2,"
                                + "\"lagMillis\":0.0}],\"knowsInfoHash\":false}");
        assertThat(round.get("expected").toString())
                .isEqualTo(
                        "{\"goodputRatioMax\":0.5,\"customersIdentifiedMin\":1,"
                                + "\"falsePositivesMax\":0,\"resetsInjectedMin\":16}");
        assertThat(round.get("holds").booleanValue()).isFalse();
        assertThat(round.get("failures").get(0).stringValue()).startsWith("goodput ratio: ");
    }

    @Test
    void numbers_have_their_units() {
        RoundOutcome first = summary.rounds().getFirst();
        JsonNode round = json.get("rounds").get(0);

        assertThat(round.get("goodputMbps").doubleValue())
                .isEqualTo(Math.round(first.goodputBitsPerSecond()) / 1e6);
        assertThat(round.get("series")).hasSize(first.series().size());
        assertThat(round.get("series").get(0).propertyNames())
                .containsExactly("seconds", "mbps", "connections");
        assertThat(round.get("marks").get(0).propertyNames())
                .containsExactly("seconds", "kind", "what");
    }

    @Test
    void what_is_no_number_is_null() {
        JsonNode round =
                tree(new Summary(summary.scenario(), List.of(Outcomes.goodput(Double.NaN, 0))))
                        .get("rounds")
                        .get(0);

        assertThat(round.get("goodputMbps").isNull()).isTrue();
        assertThat(round.get("goodputRatio").isNull()).isTrue();
    }

    @Test
    void a_run_holds_when_every_round_does() {
        assertThat(summary.holds()).isFalse();
        assertThat(new Summary(summary.scenario(), summary.rounds().subList(0, 6)).holds())
                .isTrue();
    }

    @Test
    void the_manifest_names_the_scenario_by_what_it_says() {
        Scenario scenario = summary.scenario();
        var manifest =
                new Manifest(
                        "0.1.0", Instant.EPOCH, scenario, List.of("root"), List.of(), List.of());

        assertThat(manifest.document().keySet())
                .contains(
                        "thistle",
                        "started",
                        "jdk",
                        "kernel",
                        "processors",
                        "capabilities",
                        "scenarioSha256");
        assertThat(manifest.scenarioSha256())
                .matches("[0-9a-f]{64}")
                .isEqualTo(
                        new Manifest("9", Instant.MAX, scenario, List.of(), List.of(), List.of())
                                .scenarioSha256())
                .isNotEqualTo(
                        new Manifest(
                                        "0.1.0",
                                        Instant.EPOCH,
                                        scenario.quick(),
                                        List.of(),
                                        List.of(),
                                        List.of())
                                .scenarioSha256());
    }

    @Test
    void the_terminal_shows_a_line_a_round_and_none_is_too_long() {
        assertThat(RoundTable.header()).startsWith("round ").hasSizeLessThanOrEqualTo(100);
        for (RoundOutcome outcome : summary.rounds()) {
            assertThat(RoundTable.line(outcome))
                    .startsWith(outcome.round().id())
                    .endsWith(outcome.holds() ? "holds" : "FAILS")
                    .hasSizeLessThanOrEqualTo(100)
                    .isPrintable();
        }
        assertThat(RoundTable.line(summary.rounds().get(9)))
                .isEqualTo(
                        "r2-snoop          MSE                  D-T1 reset             11.4  0.10"
                                + "      35/36     48  holds");
        assertThat(RoundTable.line(Outcomes.goodput(Double.NaN, 0))).contains(" - ");
    }
}
