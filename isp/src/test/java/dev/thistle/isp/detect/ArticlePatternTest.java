package dev.thistle.isp.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.isp.detect.ArticlePattern.Rule;
import dev.thistle.isp.packet.Conversation;
import dev.thistle.isp.packet.Subnet;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArticlePatternTest {

    private static final List<Subnet> CUSTOMERS = List.of(Subnet.parse("10.64.0.0/16"));
    private static final long SECOND = 1_000_000_000;

    private final Watched watched = new Watched(new ArticlePattern(CUSTOMERS, Rule.DEFAULT));

    /// A remote that connects to a customer's port, sends some bytes and gets some.
    private void visit(int remote, String customer, int port, long at, int sent, int got) {
        var talk = new Conversation("10.128.0." + remote, 50_000 + remote, customer, port).at(at);
        watched.see(talk.open());
        watched.see(talk.say(new byte[sent]));
        watched.see(talk.answer(new byte[got]));
    }

    private void visits(int remotes, int port, long stepNanos, int sent, int got) {
        for (int remote = 1; remote <= remotes; remote++) {
            visit(remote, "10.64.0.1", port, remote * stepNanos, sent, got);
        }
    }

    @Test
    void the_eighth_remote_on_an_odd_port_with_upload_is_the_pattern() {
        visits(7, 51_413, SECOND, 100, 1000);
        assertThat(watched.verdicts).isEmpty();

        visit(8, "10.64.0.1", 51_413, 8 * SECOND, 100, 1000);

        assertThat(watched.endpoints()).containsExactly("10.64.0.1:51413");
        assertThat(watched.verdicts)
                .extracting(verdict -> verdict.subject().getClass().getSimpleName())
                .containsExactly("OfEndpoint", "OfCustomer");
        assertThat(watched.verdicts.getFirst().evidence())
                .contains("8 hosts connected to port 51413 within 60 s", "of all");
        visits(8, 51_413, SECOND, 100, 1000);
        assertThat(watched.verdicts).as("not repeated while it stands").hasSize(2);
    }

    @Test
    void much_upload_counts_even_if_more_comes_down() {
        visits(8, 51_413, SECOND, 400_000, 124_900);
        assertThat(watched.verdicts).isEmpty();
        visit(9, "10.64.0.1", 51_413, 9 * SECOND, 0, 800);
        assertThat(watched.verdicts).hasSize(2);
    }

    @Test
    void a_remote_that_comes_eight_times_is_one() {
        for (int k = 0; k < 8; k++) {
            var talk = new Conversation("10.128.0.1", 50_000 + k, "10.64.0.1", 51_413).at(k * 10L);
            watched.see(talk.open()).see(talk.answer(new byte[5000]));
        }
        assertThat(watched.verdicts).isEmpty();
    }

    @Test
    void slow_visits_leave_the_window_and_take_their_bytes_along() {
        visits(20, 51_413, 8 * SECOND, 100, 1000); // at most 8 in 60 s: 0, 8, ... 56
        assertThat(watched.verdicts).hasSize(2);

        var other = new Watched(new ArticlePattern(CUSTOMERS, Rule.DEFAULT));
        for (int remote = 1; remote <= 20; remote++) {
            var talk =
                    new Conversation("10.128.0." + remote, 50_000, "10.64.0.1", 51_413)
                            .at(9 * SECOND * remote);
            other.see(talk.open()).see(talk.answer(new byte[300_000]));
        }
        assertThat(other.verdicts).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {22, 443, 1023, 8080, 8443})
    void well_known_ports_are_left_alone_unless_asked_for(int port) {
        visits(12, port, SECOND, 100, 500_000);
        assertThat(watched.verdicts).isEmpty();

        var rule =
                new Rule(
                        Duration.ofMinutes(1),
                        8,
                        OptionalLong.empty(),
                        0.6,
                        Duration.ofMinutes(10),
                        false);
        var strict = new Watched(new ArticlePattern(CUSTOMERS, rule));
        for (int remote = 1; remote <= 8; remote++) {
            var talk =
                    new Conversation("10.128.0." + remote, 50_000, "10.64.0.1", port)
                            .at((long) remote);
            strict.see(talk.open()).see(talk.answer(new byte[500]));
        }
        assertThat(strict.endpoints()).containsExactly("10.64.0.1:" + port);
    }

    @Test
    void downloads_half_open_connections_and_others_ports_are_not_the_pattern() {
        visits(20, 51_413, SECOND, 100_000, 1000);
        for (int remote = 1; remote <= 20; remote++) {
            var halfOpen = new Conversation("10.128.0." + remote, 60_000, "10.64.0.2", 51_413);
            watched.see(halfOpen.open().subList(0, 2)).see(halfOpen.answer(new byte[9000]));
            var outside = new Conversation("10.64.0." + remote, 60_000, "10.128.9.9", 51_413);
            watched.see(outside.open()).see(outside.answer(new byte[9000]));
        }
        assertThat(watched.verdicts).isEmpty();
    }

    @Test
    void impossible_rules_are_refused() {
        assertThatThrownBy(() ->
                        new Rule(
                                Duration.ZERO,
                                8,
                                OptionalLong.empty(),
                                0.6,
                                Duration.ofSeconds(1),
                                true))
                .hasMessageContaining("allowed more than 0");
        assertThatThrownBy(() ->
                        new Rule(
                                Duration.ofSeconds(1),
                                8,
                                OptionalLong.empty(),
                                1.1,
                                Duration.ofSeconds(1),
                                true))
                .hasMessageContaining("0..1");
    }
}
