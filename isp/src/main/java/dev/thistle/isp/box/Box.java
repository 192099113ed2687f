package dev.thistle.isp.box;

import dev.thistle.isp.box.BoxCounters.Reason;
import dev.thistle.isp.detect.Detector;
import dev.thistle.isp.packet.Packet;
import dev.thistle.isp.policy.Policy;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The ISP as a machine: Ethernet frames and time in, frames out, and when to wake it. Pure; owned
/// by one thread.
///
/// ```
/// customer --> up line --> eyes --> policy --> down line --> customer
///                 outside --^                      '--> outside
/// ```
///
/// The eyes are where an ISP has them, between the lines: what a customer's own line lost nobody
/// sees, and nothing but the receiver's line lies between a forged packet and its receiver. Frames
/// from outside to outside do not pass them.
///
/// A packet that triggers a reset is forwarded first, and the reset follows it through the same
/// queue; its sequence number is written in as it leaves the box, from what had left before it. So
/// it is exactly the number that the receiver expects, whatever was lost or still waits (see
/// [ReceiverPlace]). Nothing is held back: an end that was killed later than the other may get a
/// late packet and answer with a genuine reset, as it was in 2008.
///
/// Time is exact however late it is polled: what was due earlier happens as of its own time.
public final class Box {

    /// The answer of [#poll] when nothing is waiting.
    public static final long NEVER = Long.MAX_VALUE;

    private static final int ETHERTYPE_AT = 12;
    private static final int ETHERTYPE_IPV4 = 0x0800;
    private static final int SOURCE_AT = 26;
    private static final int TARGET_AT = 30;
    private static final int LEAST_BYTES = 34;

    private final Tap tap;
    private final Routes routes;
    private final Parcels parcels;
    private final Agenda agenda = new Agenda();
    private final BoxCounters.Tally tally = new BoxCounters.Tally();
    private final ArrayDeque<Parcel> leaving = new ArrayDeque<>();
    private final Dossiers dossiers;
    private final Enforcement enforcement;

    /// What a box is told at the start.
    ///
    /// @param hosts all that hang on it, no address twice
    /// @param mtuBytes of all links: longer IP packets are dropped
    /// @param bufferBytes bound of the memory for frames that wait
    public record Plan(List<Attachment> hosts, Policy policy, int mtuBytes, long bufferBytes) {

        /// Of a hundred lines with 100 ms of queue and 100 ms of delay at 40 Mbit/s.
        public static final long BUFFER_BYTES = 128L << 20;

        public Plan {
            hosts = List.copyOf(hosts);
        }

        /// With the usual bound.
        public Plan(List<Attachment> hosts, Policy policy, int mtuBytes) {
            this(hosts, policy, mtuBytes, BUFFER_BYTES);
        }
    }

    /// @param detectors its eyes; from now on the box's own
    /// @param random seeds the jitter and the losses of every line
    public Box(
            Plan plan,
            List<Detector> detectors,
            RandomGenerator random,
            BoxWitness witness,
            Tap tap) {
        this.tap = tap;
        parcels = new Parcels(plan.mtuBytes + Parcel.LINK_BYTES, plan.bufferBytes);
        routes = new Routes(plan.hosts.stream().map(host -> attach(host, random)).toList());
        dossiers = new Dossiers(detectors, plan.policy, witness);
        enforcement = new Enforcement(agenda, parcels, tally, witness, this::towardsReceiver);
    }

    private Host attach(Attachment host, RandomGenerator random) {
        if (!host.address().isV4()) {
            throw new IllegalArgumentException("%s, allowed IPv4".formatted(host.address()));
        }
        int address = host.address().v4Bits();
        return switch (host) {
            case Attachment.Outside(_, int port) ->
                    new Host(address, port, host.side(), null, null);
            case Attachment.Customer(_, int port, LineProfile up, LineProfile down) -> {
                var upRandom = new SplittableRandom(random.nextLong());
                var downRandom = new SplittableRandom(random.nextLong());
                yield new Host(
                        address,
                        port,
                        host.side(),
                        new AccessLine(up, upRandom, agenda, this::inspect),
                        new AccessLine(down, downRandom, agenda, this::leave));
            }
        };
    }

    /// A frame has arrived.
    ///
    /// @param port interface index of the link it came from
    /// @param frame Ethernet, from its position to its limit, neither of which is moved; copied
    public void receive(int port, ByteBuffer frame, long nowNanos) {
        agenda.run(nowNanos);
        tally.arrived(frame.remaining());
        int at = frame.position();
        if (frame.remaining() < LEAST_BYTES
                || frame.getShort(at + ETHERTYPE_AT) != ETHERTYPE_IPV4) {
            tally.dropped(Reason.NOT_IPV4);
            return;
        }
        Host source = routes.find(frame.getInt(at + SOURCE_AT));
        Host target = routes.find(frame.getInt(at + TARGET_AT));
        if (source == null || target == null || source.port() != port) {
            tally.dropped(Reason.UNROUTED);
            return;
        }
        if (frame.remaining() > parcels.slotBytes()) {
            tally.dropped(Reason.TOO_LONG);
            return;
        }
        Parcel parcel = parcels.take();
        if (parcel == null) {
            tally.dropped(Reason.NO_BUFFER);
            return;
        }
        parcel.frame.put(0, frame, at, frame.remaining()).limit(frame.remaining());
        parcel.source = source;
        parcel.target = target;
        tap.frame(source.side(), nowNanos, false, parcel.frame);
        if (source.up() == null) {
            inspect(parcel, nowNanos);
        } else {
            put(parcel, source.up(), nowNanos);
        }
    }

    private void put(Parcel parcel, AccessLine line, long nowNanos) {
        Reason refusal = line.offer(parcel, nowNanos);
        if (refusal != null) {
            tally.dropped(refusal);
            parcel.release();
        }
    }

    private void inspect(Parcel parcel, long nowNanos) {
        Packet packet = isSeen(parcel) ? read(parcel.frame, nowNanos) : null;
        if (packet == null) {
            towardsReceiver(parcel, nowNanos);
            return;
        }
        Lane lane = dossiers.observe(packet);
        lane.learn(parcel, packet);
        parcel.packet = packet;
        parcel.lane = lane;
        enforcement.enforce(parcel, packet, lane, nowNanos);
    }

    private static boolean isSeen(Parcel parcel) {
        return (parcel.source != null && parcel.source.isCustomer())
                || (parcel.target != null && parcel.target.isCustomer());
    }

    private static @Nullable Packet read(ByteBuffer frame, long nowNanos) {
        frame.position(Parcel.LINK_BYTES);
        Packet packet = Packet.read(nowNanos, frame);
        frame.position(0);
        return packet;
    }

    private void towardsReceiver(Parcel parcel, long nowNanos) {
        AccessLine down = parcel.target == null ? null : parcel.target.down();
        if (down == null) {
            leave(parcel, nowNanos);
        } else {
            put(parcel, down, nowNanos);
        }
    }

    private void leave(Parcel parcel, long nowNanos) {
        boolean isForged = parcel.resetCopies > 0;
        if (isForged) {
            enforcement.stamp(parcel, nowNanos);
        } else if (parcel.lane != null && parcel.packet != null && parcel.packet.isTcp()) {
            parcel.lane.place.delivered(parcel.packet);
        }
        Host target = parcel.target;
        if (target != null) {
            for (int i = 0; i < Math.max(1, parcel.resetCopies); i++) {
                tap.frame(target.side(), nowNanos, isForged, parcel.frame);
            }
        }
        leaving.add(parcel);
    }

    /// Hands over every frame that is due.
    ///
    /// @return when to call it next, on the same clock, or [#NEVER]; sooner after a frame arrived
    public long poll(long nowNanos, FrameSink out) {
        agenda.run(nowNanos);
        for (Parcel parcel = leaving.poll(); parcel != null; parcel = leaving.poll()) {
            if (parcel.target != null) {
                for (int i = 0; i < Math.max(1, parcel.resetCopies); i++) {
                    out.accept(parcel.target.port(), parcel.frame);
                }
            }
            parcel.release();
        }
        return agenda.nextNanos();
    }

    /// What has gone through so far.
    public BoxCounters counters() {
        return tally.snapshot();
    }

    /// Ends all flows: their records go to the witness. What waits inside is lost.
    public void close() {
        dossiers.close();
    }
}
