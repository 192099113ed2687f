package dev.thistle.lab.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScenarioTest {

    private final Scenario race;

    ScenarioTest() throws IOException {
        race = BuiltInScenarios.read("isp-vs-bittorrent");
    }

    @Test
    void another_seed_is_the_same_story_otherwise() {
        Scenario other = race.withSeed(7);

        assertThat(other.seed()).isEqualTo(7);
        assertThat(other).isNotEqualTo(race);
        assertThat(other.withSeed(race.seed())).isEqualTo(race);
    }

    @Test
    void some_rounds_keep_the_order_of_the_story_and_unknown_ones_are_ignored() {
        Scenario some = race.only(List.of("r1-mse", "r0-open", "r9-nonsense"));

        assertThat(some.rounds()).extracting(Round::id).containsExactly("r0-open", "r1-mse");
        assertThat(some.swarm()).isEqualTo(race.swarm());
        assertThat(race.only(race.rounds().stream().map(Round::id).toList())).isEqualTo(race);
        assertThat(race.only(List.of()).rounds()).isEmpty();
    }

    @Test
    void the_quick_story_has_the_quick_swarm_and_stays_quick() {
        assertThat(race.quick().swarm()).isEqualTo(race.quickSwarm()).isNotEqualTo(race.swarm());
        assertThat(race.quick().quick()).isEqualTo(race.quick());
        assertThat(race.quick().rounds()).isEqualTo(race.rounds());
        assertThat(race.quick().swarm().peers()).isEqualTo(race.swarm().peers());
    }

    @Test
    void the_brief_story_exchanges_a_mebibyte_between_the_same_hosts() {
        SwarmPlan brief = race.brief().swarm();

        assertThat(brief.contentBytes()).isEqualTo(1 << 20);
        assertThat(brief.peers()).isEqualTo(race.swarm().peers());
        assertThat(brief.window()).isEqualTo(race.swarm().window());
        assertThat(race.brief().brief()).isEqualTo(race.brief());
    }

    @Test
    void the_brief_story_never_has_more_to_exchange_than_the_story() {
        SwarmPlan swarm = race.swarm();
        var small =
                new Scenario(
                        race.name(),
                        race.title(),
                        race.seed(),
                        race.era(),
                        race.network(),
                        new SwarmPlan(
                                3L * swarm.pieceBytes(),
                                swarm.pieceBytes(),
                                1,
                                1,
                                1,
                                swarm.window()),
                        race.quickSwarm(),
                        race.background(),
                        race.rounds());

        assertThat(small.brief().swarm()).isEqualTo(small.swarm());
    }
}
