package dev.thistle.bench.box;

import dev.thistle.isp.box.BoxCounters;
import dev.thistle.isp.box.Forwarder;
import java.io.IOException;

/// The box at work.
record Boxed(Forwarder forwarder) implements Carrier {

    @Override
    public Carried carried() {
        BoxCounters counters = forwarder.counters();
        long dropped = counters.dropped().values().stream().mapToLong(Long::longValue).sum();
        return new Carried(counters.frames(), dropped, forwarder.cpuNanos());
    }

    @Override
    public void close() throws IOException {
        forwarder.close();
    }
}
