package dev.thistle.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// One end of a [Circuit].
final class MemoryLink implements Link {

    private final Circuit circuit;
    private final InetSocketAddress local;
    private final InetSocketAddress remote;
    private final Wire out;
    private final Wire in;
    private final Conditions outConditions;
    private final AtomicReference<@Nullable LinkEnd> end = new AtomicReference<>();

    MemoryLink(
            Circuit circuit,
            InetSocketAddress local,
            InetSocketAddress remote,
            Wire out,
            Wire in,
            Conditions outConditions) {
        this.circuit = circuit;
        this.local = local;
        this.remote = remote;
        this.out = out;
        this.in = in;
        this.outConditions = outConditions;
    }

    @Override
    public InetSocketAddress remote() {
        return remote;
    }

    @Override
    public InetSocketAddress local() {
        return local;
    }

    @Override
    public int read(ByteBuffer target, Duration patience) throws IOException {
        if (!target.hasRemaining()) {
            throw new IllegalArgumentException("reading into a full buffer");
        }
        long deadline = Deadline.after(patience);
        int bytes;
        try {
            bytes = in.read(target, deadline);
        } catch (InterruptedException _) {
            throw interrupted("reading from");
        }
        if (bytes > 0) {
            if (in.isResetDue()) {
                circuit.reset();
            }
            return bytes;
        }
        if (bytes == Wire.TIMED_OUT) {
            throw end(new LinkEnd.TimedOut("reading", patience))
                    .toException("reading from", remote);
        }
        // The end of the stream may be the first sign of a reset that is just being done.
        LinkEnd known = end.get();
        if (known != null) {
            throw known.toException("reading from", remote);
        }
        return -1;
    }

    @Override
    public void write(ByteBuffer source, Duration patience) throws IOException {
        long deadline = Deadline.after(patience);
        Wire.Outcome outcome;
        try {
            outcome = out.write(source, deadline);
        } catch (InterruptedException _) {
            throw interrupted("writing to");
        }
        LinkEnd reason =
                switch (outcome) {
                    case DONE -> null;
                    case TIMED_OUT -> end(new LinkEnd.TimedOut("writing", patience));
                    case REFUSED -> end(new LinkEnd.Reset());
                    case ENDED -> end(new LinkEnd.Closed()); // somebody's reason stands already
                };
        if (reason != null) {
            throw reason.toException("writing to", remote);
        }
    }

    private IOException interrupted(String doing) {
        Thread.currentThread().interrupt();
        return end(new LinkEnd.Closed()).toException(doing, remote);
    }

    @Override
    public void close() {
        end(new LinkEnd.Closed());
    }

    /// Ends this side unless it is over already.
    ///
    /// @return the reason that counts
    private LinkEnd end(LinkEnd reason) {
        LinkEnd earlier = end.compareAndExchange(null, reason);
        if (earlier != null) {
            return earlier;
        }
        hangUp();
        return reason;
    }

    /// Makes a reset the reason unless there is one. [#hangUp] must follow.
    void markReset() {
        end.compareAndSet(null, new LinkEnd.Reset());
    }

    /// Ends both wires on this side; doing it again changes little and harms nothing.
    void hangUp() {
        out.endWriter();
        in.endReader(outConditions);
        circuit.ended();
    }

    boolean isOver() {
        return end.get() != null;
    }

    @Override
    public String toString() {
        return "link to " + Addresses.text(remote);
    }
}
