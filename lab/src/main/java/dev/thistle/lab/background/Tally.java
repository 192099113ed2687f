package dev.thistle.lab.background;

import java.util.concurrent.atomic.LongAdder;

/// Counts what any number of threads get done.
final class Tally {

    private final LongAdder bytes = new LongAdder();
    private final LongAdder objects = new LongAdder();
    private final LongAdder failures = new LongAdder();

    void bytes(long count) {
        bytes.add(count);
    }

    void object() {
        objects.increment();
    }

    void failure() {
        failures.increment();
    }

    Progress progress() {
        return new Progress(bytes.sum(), objects.sum(), failures.sum());
    }
}
