package dev.thistle.isp.box;

import dev.thistle.isp.box.BoxCounters.Reason;
import dev.thistle.isp.packet.Packet;
import dev.thistle.isp.policy.Action;
import java.util.HashMap;
import java.util.Map;
import java.util.function.ObjLongConsumer;

/// Does to packets what was decided about their flow. Owned by the thread of the box.
final class Enforcement {

    /// Resets are repeated while data goes on, but not for every packet of a fast flow.
    private static final long REPEAT_NANOS = 10_000_000;

    private final Agenda agenda;
    private final Parcels parcels;
    private final BoxCounters.Tally tally;
    private final BoxWitness witness;
    private final ObjLongConsumer<Parcel> onwards;
    private final ResetForge forge = new ResetForge(ResetForge.LAB);
    private final Map<Share, Throttle> shared = new HashMap<>();

    /// What flows of a customer share: one bucket each way. As many as there are customers and
    /// rules.
    private record Share(Action.Throttle how, int customer, boolean isUp) {}

    /// @param onwards what may pass, towards its receiver
    Enforcement(
            Agenda agenda,
            Parcels parcels,
            BoxCounters.Tally tally,
            BoxWitness witness,
            ObjLongConsumer<Parcel> onwards) {
        this.agenda = agenda;
        this.parcels = parcels;
        this.tally = tally;
        this.witness = witness;
        this.onwards = onwards;
    }

    /// Passes the parcel on, makes it wait, or ends it here.
    void enforce(Parcel parcel, Packet packet, Lane lane, long nowNanos) {
        switch (lane.dossier.action()) {
            case null -> onwards.accept(parcel, nowNanos);
            case Action.Watch _ -> onwards.accept(parcel, nowNanos);
            case Action.Throttle how -> throttle(parcel, lane, how, nowNanos);
            case Action.Drop _ -> block(parcel, lane, nowNanos);
            case Action.Reset how -> {
                onwards.accept(parcel, nowNanos);
                plan(packet, lane.dossier, how, nowNanos);
            }
        }
    }

    private void throttle(Parcel parcel, Lane lane, Action.Throttle how, long nowNanos) {
        Dossier dossier = lane.dossier;
        if (!dossier.isTold) {
            dossier.isTold = true;
            witness.happened(new BoxEvent.Throttled(nowNanos, dossier.flow.key(), how));
        }
        if (!bucket(parcel, lane, how).offer(parcel, nowNanos)) {
            end(parcel, dossier, Reason.THROTTLED);
        }
    }

    private Throttle bucket(Parcel parcel, Lane lane, Action.Throttle how) {
        return switch (how.scope()) {
            case FLOW -> {
                if (lane.throttle == null) {
                    lane.throttle = new Throttle(how, agenda, onwards);
                }
                yield lane.throttle;
            }
            case CUSTOMER -> shared.computeIfAbsent(share(parcel, how), _ -> make(how));
        };
    }

    private Throttle make(Action.Throttle how) {
        return new Throttle(how, agenda, onwards);
    }

    /// Between two customers, the sender's share counts.
    private static Share share(Parcel parcel, Action.Throttle how) {
        Host source = parcel.source;
        Host target = parcel.target;
        if (source != null && source.isCustomer()) {
            return new Share(how, source.address(), true);
        }
        return new Share(how, target == null ? 0 : target.address(), false);
    }

    private void block(Parcel parcel, Lane lane, long nowNanos) {
        Dossier dossier = lane.dossier;
        if (!dossier.isTold) {
            dossier.isTold = true;
            witness.happened(new BoxEvent.Dropped(nowNanos, dossier.flow.key()));
        }
        end(parcel, dossier, Reason.BLOCKED);
    }

    private void end(Parcel parcel, Dossier dossier, Reason reason) {
        dossier.droppedBytes += parcel.ipBytes();
        tally.dropped(reason);
        parcel.release();
    }

    /// Puts resets on the agenda, if there is somebody at both ends to believe them, which is after
    /// the handshake: the first time at once, later whenever data has gone on.
    private void plan(Packet packet, Dossier dossier, Action.Reset how, long nowNanos) {
        boolean isFirst = dossier.resetsForged == 0;
        boolean isTime = isFirst || nowNanos - dossier.resetNanos >= REPEAT_NANOS;
        boolean isEdge = packet.has(Packet.SYN) || packet.has(Packet.RST);
        boolean isCause = isFirst ? !isEdge : packet.payloadBytes() > 0;
        boolean isPossible = dossier.toServer.canReset() && dossier.toClient.canReset();
        if (!packet.isTcp() || dossier.isResetPlanned || !isTime || !isCause || !isPossible) {
            return;
        }
        if (!forge.permits(packet.source().address(), packet.target().address())) {
            tally.refused();
            return;
        }
        dossier.isResetPlanned = true;
        agenda.add(new PlannedResets(dossier, how, nowNanos + how.lag().toNanos()));
    }

    /// The resets that follow a packet after the lag.
    private final class PlannedResets implements Agenda.Entry {

        private final Dossier dossier;
        private final Action.Reset how;
        private final long dueNanos;

        PlannedResets(Dossier dossier, Action.Reset how, long dueNanos) {
            this.dossier = dossier;
            this.how = how;
            this.dueNanos = dueNanos;
        }

        @Override
        public long dueNanos() {
            return dueNanos;
        }

        @Override
        public void run(long nanos) {
            dossier.isResetPlanned = false;
            dossier.resetNanos = nanos;
            send(dossier.toServer, how.copies(), nanos);
            send(dossier.toClient, how.copies(), nanos);
        }
    }

    private void send(Lane lane, int copies, long nowNanos) {
        Parcel parcel = parcels.take();
        if (parcel == null) {
            tally.dropped(Reason.NO_BUFFER);
            return;
        }
        lane.dossier.resetsForged += copies;
        tally.forged(copies);
        parcel.frame.limit(ResetForge.FRAME_BYTES);
        parcel.lane = lane;
        parcel.target = lane.target;
        parcel.resetCopies = copies;
        onwards.accept(parcel, nowNanos);
    }

    /// Writes a reset that is about to leave.
    void stamp(Parcel parcel, long nowNanos) {
        Lane lane = parcel.lane;
        if (lane == null) {
            throw new IllegalStateException("a reset without a flow");
        }
        lane.writeReset(forge, parcel.frame);
        witness.happened(
                new BoxEvent.ResetForged(
                        nowNanos,
                        lane.dossier.flow.key(),
                        lane.to,
                        lane.place.expected(),
                        parcel.resetCopies));
    }
}
