package dev.thistle.bench.box;

import dev.thistle.isp.box.Attachment;
import dev.thistle.isp.box.Box;
import dev.thistle.isp.box.BoxEvent;
import dev.thistle.isp.box.BoxWitness;
import dev.thistle.isp.box.FlowRecord;
import dev.thistle.isp.box.Forwarder;
import dev.thistle.isp.box.LineProfile;
import dev.thistle.isp.box.Tap;
import dev.thistle.isp.detect.ArticlePattern;
import dev.thistle.isp.detect.Detector;
import dev.thistle.isp.detect.DetectorCatalog;
import dev.thistle.isp.packet.Subnet;
import dev.thistle.isp.policy.Policy;
import dev.thistle.lab.host.Host;
import dev.thistle.lab.host.Star;
import dev.thistle.protocol.InfoHash;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/// How frames get from one side to the other.
enum Way {
    /// The box with one of each detector of the catalogue.
    ALL_DETECTORS("box, all detectors"),
    /// The box, flows and lines and all, with nobody looking.
    NO_DETECTORS("box, no detector"),
    /// The same socket and batches with nothing between: what carrying frames costs by itself.
    BARE_LOOP("bare loop");

    private static final List<Subnet> CUSTOMERS = List.of(Subnet.parse("10.64.0.0/16"));

    /// D-T4 has something to look up; that it is never found costs the most.
    private static final Set<InfoHash> DICTIONARY = Set.of(InfoHash.of(new byte[20]));

    private static final BoxWitness NOBODY =
            new BoxWitness() {
                @Override
                public void happened(BoxEvent event) {}

                @Override
                public void ended(FlowRecord flow) {}
            };

    private final String title;

    Way(String title) {
        this.title = title;
    }

    /// As tables call it.
    String title() {
        return title;
    }

    /// Begins to carry between the one customer and the one host outside of a star.
    ///
    /// @param failure completed if it ends before its time
    Carrier start(Star star, CountedFrames frames, CompletableFuture<Exception> failure) {
        return switch (this) {
            case ALL_DETECTORS -> box(star, frames, detectors(), failure);
            case NO_DETECTORS -> box(star, frames, List.of(), failure);
            case BARE_LOOP ->
                    BareLoop.start(
                            port(star, star.customers().getFirst()),
                            port(star, star.outside().getFirst()),
                            frames,
                            failure);
        };
    }

    static List<Detector> detectors() {
        return new DetectorCatalog(CUSTOMERS, DICTIONARY, ArticlePattern.Rule.DEFAULT).all();
    }

    private static Carrier box(
            Star star,
            CountedFrames frames,
            List<Detector> detectors,
            CompletableFuture<Exception> failure) {
        Host customer = star.customers().getFirst();
        Host outside = star.outside().getFirst();
        List<Attachment> hosts =
                List.of(
                        new Attachment.Customer(
                                customer.address(),
                                port(star, customer),
                                LineProfile.OPEN,
                                LineProfile.OPEN),
                        new Attachment.Outside(outside.address(), port(star, outside)));
        var plan = new Box.Plan(hosts, Policy.IDLE, BoxThroughput.MTU);
        var box = new Box(plan, detectors, new Random(1), NOBODY, Tap.NONE);
        return new Boxed(Forwarder.start(box, frames, System::nanoTime, failure::complete));
    }

    private static int port(Star star, Host host) {
        Integer port = star.ports().get(host.address());
        if (port == null) {
            throw new IllegalStateException(host + ": not of this star");
        }
        return port;
    }
}
