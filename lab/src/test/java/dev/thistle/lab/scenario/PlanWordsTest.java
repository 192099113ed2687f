package dev.thistle.lab.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlanWordsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    r0-open           | plaintext | plain | handshake signature: watched | D-S1 watch
                    r1-drop-one       | MSE (RC4, required), resets dropped at the customers | MSE drop one | pattern rule: reset at both ends | D-H1 reset
                    r1-drop-throttle  | MSE (RC4, required), resets dropped at both ends | MSE drop both | pattern rule: throttled to 1 Mbit/s a customer | D-H1 throttle
                    r2-tpo-pattern    | MSE (RC4, required), BEP 8 | MSE+BEP8 | tracker answers, pattern rule: throttled to 1 Mbit/s a customer | D-T1 D-H1 throttle
                    r3-fet-shaped     | MSE (RC4, required), shaped PadA (printable21), BEP 8 | MSE+printable21+BEP8 | fully encrypted rule: reset at both ends | D-E1:paper reset
                    """)
    void plans_are_told_in_words(
            String id, String client, String clientBrief, String isp, String ispBrief)
            throws Exception {
        Round round =
                BuiltInScenarios.read("isp-vs-bittorrent").rounds().stream()
                        .filter(each -> each.id().equals(id))
                        .findFirst()
                        .orElseThrow();

        assertThat(PlanWords.of(round.client())).isEqualTo(client);
        assertThat(PlanWords.brief(round.client())).isEqualTo(clientBrief);
        assertThat(PlanWords.of(round.isp())).isEqualTo(isp);
        assertThat(PlanWords.brief(round.isp())).isEqualTo(ispBrief);
    }
}
