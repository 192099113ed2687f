package dev.thistle.lab.run;

import dev.thistle.isp.box.Box;
import dev.thistle.isp.box.Forwarder;
import dev.thistle.isp.box.Frames;
import dev.thistle.isp.box.SocketFrames;
import dev.thistle.isp.box.Tap;
import dev.thistle.isp.detect.Detector;
import dev.thistle.lab.background.Neighbourhood;
import dev.thistle.lab.background.Tempo;
import dev.thistle.lab.host.Host;
import dev.thistle.lab.host.ResetFilter;
import dev.thistle.lab.host.Star;
import dev.thistle.lab.scenario.ClientPlan;
import dev.thistle.lab.scenario.IspPlan;
import dev.thistle.lab.scenario.Scenario;
import dev.thistle.lab.swarm.Content;
import dev.thistle.lab.swarm.PeerSwarm;
import dev.thistle.lab.swarm.SwarmPeer;
import dev.thistle.lab.truth.ConnectionLedger;
import dev.thistle.lab.truth.ObservedNetwork;
import dev.thistle.lab.truth.Truth;
import dev.thistle.net.http.HttpCaller;
import dev.thistle.tracker.Tracker;
import dev.thistle.tracker.TrackerConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/// One client against one ISP, once: on fresh hosts, with fresh engines, for as long as the swarm
/// takes or the scenario's window lasts.
///
/// The clock of a trial is that of the box; its zero is when the first leecher starts.
final class Trial {

    /// What is under way when the swarm is complete, such as a reset's way back, still arrives.
    private static final Duration SETTLE = Duration.ofMillis(300);

    /// A tracker that nobody stands before answers a seeder within milliseconds.
    private static final Duration ANNOUNCE_PATIENCE = Duration.ofSeconds(20);

    private final Scenario scenario;
    private final ClientPlan client;
    private final IspPlan isp;
    private final Tap tap;
    private final Truth truth = new Truth();
    private final ConnectionLedger ledger = new ConnectionLedger();

    /// @param tap sees every frame
    Trial(Scenario scenario, ClientPlan client, IspPlan isp, Tap tap) {
        this.scenario = scenario;
        this.client = client;
        this.isp = isp;
        this.tap = tap;
    }

    /// Plays it; once.
    ///
    /// @throws IOException if a host, a server or the box fails, saying which
    TrialRecord run() throws IOException, InterruptedException {
        var seeds = new SplittableRandom(scenario.seed());
        int mtuBytes = scenario.network().mtuBytes();
        try (Star star = Star.build(Cast.customers(scenario), Cast.outside(scenario), mtuBytes)) {
            var cast = new Cast(scenario, star.customers(), star.outside());
            cast.tell(truth);
            Content content =
                    Content.make(
                            scenario.swarm(),
                            client.tracker(),
                            cast.announceUrl(),
                            seeds.nextLong());
            var log = new BoxLog();
            List<Detector> detectors = IspEyes.of(isp, content.metainfo().infoHash());
            var plan = new Box.Plan(cast.attachments(star.ports()), isp.policy(), mtuBytes);
            var box = new Box(plan, detectors, seeds.split(), log, tap);
            Frames frames = SocketFrames.open(star.box(), mtuBytes);
            try (var forwarder = Forwarder.start(box, frames, System::nanoTime, log::failed);
                    Tracker _ = track(cast, content)) {
                dropResets(cast);
                TrialRecord.Course course = play(cast, content, seeds, log);
                return new TrialRecord(course, truth, log.close(forwarder));
            }
        }
    }

    private Tracker track(Cast cast, Content content) throws IOException {
        var config = TrackerConfig.on(cast.tracker().at(Cast.TRACKER_PORT));
        Tracker tracker = cast.tracker().call(() -> Tracker.start(config));
        tracker.know(Set.of(content.metainfo().infoHash()));
        return tracker;
    }

    private void dropResets(Cast cast) throws IOException {
        List<Host> hosts =
                switch (client.dropResets()) {
                    case NOBODY -> List.of();
                    case CUSTOMERS -> cast.swarmCustomers();
                    case BOTH_ENDS -> cast.swarm();
                };
        for (Host host : hosts) {
            ResetFilter.install(host);
        }
    }

    private TrialRecord.Course play(Cast cast, Content content, SplittableRandom seeds, BoxLog log)
            throws IOException, InterruptedException {
        try (var _ =
                        new Neighbourhood(
                                scenario.background(),
                                Tempo.MODEST,
                                cast.neighbours(),
                                cast.strangers(),
                                truth,
                                seeds.nextLong());
                var swarm = new PeerSwarm(content, client, seeds.nextLong())) {
            for (Host seeder : cast.seeders()) {
                swarm.seed(place(seeder), ANNOUNCE_PATIENCE);
            }
            var load = new ProcessorLoad();
            var glances = new Glances(swarm, System.nanoTime());
            for (Host leecher : cast.insideLeechers()) {
                swarm.leechEarly(place(leecher), ANNOUNCE_PATIENCE);
                glances.take(System.nanoTime());
            }
            for (Host leecher : cast.outsideLeechers()) {
                swarm.leech(place(leecher));
                glances.take(System.nanoTime());
            }
            return watch(glances, load, log);
        }
    }

    private SwarmPeer.Place place(Host host) {
        return new SwarmPeer.Place(
                host.name(),
                host.at(Cast.PEER_PORT),
                new ObservedNetwork(host.network(), ledger),
                HttpCaller.over(host.network()));
    }

    private TrialRecord.Course watch(Glances glances, ProcessorLoad load, BoxLog log)
            throws IOException, InterruptedException {
        double window = scenario.swarm().window().toNanos() / 1e9;
        while (true) {
            Thread.sleep(Glances.APART);
            log.requireAlive();
            glances.take(System.nanoTime());
            PeerSwarm.Look look = glances.last();
            if (look.isComplete() || glances.seconds() >= window) {
                double share = load.busyShare();
                Thread.sleep(SETTLE);
                return new TrialRecord.Course(
                        glances.startNanos(),
                        glances.seconds(),
                        look.completed(),
                        look.verifiedBytes(),
                        glances.samples(),
                        ledger.connections(),
                        share);
            }
        }
    }
}
