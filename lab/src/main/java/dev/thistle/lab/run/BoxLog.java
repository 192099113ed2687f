package dev.thistle.lab.run;

import dev.thistle.isp.box.BoxCounters;
import dev.thistle.isp.box.BoxEvent;
import dev.thistle.isp.box.BoxWitness;
import dev.thistle.isp.box.FlowRecord;
import dev.thistle.isp.box.Forwarder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/// Writes down what a box finds out and does. Filled by the box's thread, read when that has ended.
final class BoxLog implements BoxWitness {

    /// A forged reset for every packet of a trial would be fewer.
    private static final int MAX_EVENTS = 1_000_000;

    private final List<BoxEvent> events = new ArrayList<>();
    private final List<FlowRecord> flows = new ArrayList<>();
    private final AtomicReference<Exception> failure = new AtomicReference<>();

    /// All of a trial.
    record Written(List<BoxEvent> events, List<FlowRecord> flows, BoxCounters counters) {}

    @Override
    public void happened(BoxEvent event) {
        if (events.size() < MAX_EVENTS) {
            events.add(event);
        }
    }

    @Override
    public void ended(FlowRecord flow) {
        flows.add(flow);
    }

    void failed(Exception reason) {
        failure.set(reason);
    }

    /// @throws IOException if the box has failed
    void requireAlive() throws IOException {
        Exception reason = failure.get();
        if (reason != null) {
            throw new IOException("the box failed: " + reason, reason);
        }
    }

    /// Ends the box and hands over what it told.
    Written close(Forwarder forwarder) throws IOException {
        forwarder.close();
        requireAlive();
        return new Written(List.copyOf(events), List.copyOf(flows), forwarder.counters());
    }
}
