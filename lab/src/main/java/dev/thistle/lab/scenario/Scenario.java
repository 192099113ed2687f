package dev.thistle.lab.scenario;

import java.util.Collection;
import java.util.List;

/// One story: the same hosts and the same swarm, round after round against another ISP.
///
/// @param name as files and the command line know it
/// @param title one line for people
/// @param seed all choices of the lab come from it
/// @param era how receivers treat forged resets: `kernel`, as the kernel of this machine does
/// @param network what all rounds run on
/// @param swarm who exchanges what
/// @param quickSwarm the same swarm with less to exchange, for a look in little time
/// @param background who else is there
public record Scenario(
        String name,
        String title,
        long seed,
        String era,
        AccessNetwork network,
        SwarmPlan swarm,
        SwarmPlan quickSwarm,
        Background background,
        List<Round> rounds) {

    private static final long BRIEF_BYTES = 1 << 20;

    public Scenario {
        rounds = List.copyOf(rounds);
    }

    /// The same story in little time: `--quick`.
    public Scenario quick() {
        return withSwarm(quickSwarm);
    }

    /// The same story with hardly anything to exchange, to try the hosts.
    public Scenario brief() {
        return withSwarm(
                new SwarmPlan(
                        Math.min(BRIEF_BYTES, swarm.contentBytes()),
                        swarm.pieceBytes(),
                        swarm.seeders(),
                        swarm.leechers(),
                        swarm.outsideLeechers(),
                        swarm.window()));
    }

    private Scenario withSwarm(SwarmPlan other) {
        return new Scenario(name, title, seed, era, network, other, quickSwarm, background, rounds);
    }

    /// The same story with other choices.
    public Scenario withSeed(long other) {
        return new Scenario(
                name, title, other, era, network, swarm, quickSwarm, background, rounds);
    }

    /// Some of its rounds, in its own order.
    ///
    /// @param ids of rounds; others are ignored
    public Scenario only(Collection<String> ids) {
        return new Scenario(
                name,
                title,
                seed,
                era,
                network,
                swarm,
                quickSwarm,
                background,
                rounds.stream().filter(round -> ids.contains(round.id())).toList());
    }
}
