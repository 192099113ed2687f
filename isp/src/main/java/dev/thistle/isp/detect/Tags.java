package dev.thistle.isp.detect;

import dev.thistle.isp.packet.Endpoint;
import dev.thistle.isp.packet.Packet;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;

/// Which endpoints a detector has given verdicts on, so that it neither repeats itself nor lets a
/// verdict run out that it could renew: one whose life is half over is given anew.
///
/// Bounded as [Inspection] is; the oldest makes room.
final class Tags {

    private final String id;
    private final long lifeNanos;
    private final LinkedHashMap<Endpoint, Long> untilNanos = new LinkedHashMap<>();

    Tags(String id, Duration life) {
        this.id = id;
        lifeNanos = life.toNanos();
    }

    /// Adds a verdict, unless one stands that has more than half of its life before it.
    ///
    /// @return whether it was added
    boolean add(Endpoint endpoint, Packet packet, String evidence, List<Verdict> into) {
        long now = packet.nanos();
        Long standing = untilNanos.get(endpoint);
        if (standing != null && standing - now > lifeNanos / 2) {
            return false;
        }
        untilNanos.remove(endpoint); // so that it goes to the end of the row
        untilNanos.put(endpoint, now + lifeNanos);
        if (untilNanos.size() > Inspection.MAX_ENDPOINTS) {
            untilNanos.pollFirstEntry();
        }
        into.add(
                new Verdict(
                        now,
                        id,
                        new Subject.OfEndpoint(endpoint, now + lifeNanos),
                        evidence,
                        0,
                        0));
        return true;
    }
}
