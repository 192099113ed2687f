package dev.thistle.isp.box;

import dev.thistle.isp.detect.Detector;
import dev.thistle.isp.detect.Subject;
import dev.thistle.isp.detect.Verdict;
import dev.thistle.isp.flow.Flow;
import dev.thistle.isp.packet.Packet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Function;

/// A detector that knows what the test wants it to: once a subject.
final class Planted implements Detector {

    static final String ID = "D-X:planted";

    private final BiPredicate<Packet, Flow> guilty;
    private final Function<Flow, Subject> subject;
    private final Set<Subject> told = new HashSet<>();

    Planted(BiPredicate<Packet, Flow> guilty, Function<Flow, Subject> subject) {
        this.guilty = guilty;
        this.subject = subject;
    }

    /// Every flow as soon as so many bytes of payload have passed.
    static Planted afterBytes(long bytes) {
        return new Planted(
                (_, flow) -> flow.payloadBytes() >= bytes, flow -> new Subject.OfFlow(flow.key()));
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Verdict> observe(Packet packet, Flow flow) {
        if (!guilty.test(packet, flow)) {
            return List.of();
        }
        Subject about = subject.apply(flow);
        return told.add(about)
                ? List.of(
                        new Verdict(
                                packet.nanos(),
                                ID,
                                about,
                                "planted",
                                flow.packets(),
                                flow.payloadBytes()))
                : List.of();
    }
}
