package dev.thistle.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A link over a blocking [SocketChannel]. Time limits are kept by the network's sweeper, which
/// calls [#sweep]; everything else happens on the threads of the caller.
final class TcpLink implements Link {

    /// The JDK copies a heap buffer into a cached off-heap one as large as what is asked for. This
    /// much at a time keeps those small and costs one system call in 128 KiB, about 1 % of the time
    /// that copying them takes.
    private static final int HEAP_WINDOW_BYTES = 128 * 1024;

    /// How long a reader at the end of the stream waits for the verdict of a write under way.
    private static final long VERDICT_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private static final long VERDICT_STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final SocketChannel channel;
    private final InetSocketAddress remote;
    private final InetSocketAddress local;
    private final Consumer<TcpLink> onEnd;

    private final Deadline reading = new Deadline();
    private final Deadline writing = new Deadline();
    private final AtomicReference<@Nullable LinkEnd> end = new AtomicReference<>();

    /// Takes over a connected channel.
    ///
    /// @param onEnd told once, on whatever thread ends the link
    TcpLink(SocketChannel channel, Consumer<TcpLink> onEnd) throws IOException {
        this.channel = channel;
        // The JDK turns IPv4-mapped IPv6 addresses into Inet4Address, so peers of a dual-stack
        // socket look the same as those of an IPv4 one.
        this.remote = (InetSocketAddress) channel.getRemoteAddress();
        this.local = (InetSocketAddress) channel.getLocalAddress();
        this.onEnd = onEnd;
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
        reading.start(patience);
        int bytes;
        int limit = openWindow(target);
        try {
            bytes = channel.read(target);
        } catch (IOException e) {
            throw fail("reading from", e, reading);
        } finally {
            target.limit(limit);
        }
        leave(reading, "reading", "reading from");
        return bytes < 0 ? endOfStream() : bytes;
    }

    @Override
    public void write(ByteBuffer source, Duration patience) throws IOException {
        writing.start(patience);
        int limit = source.limit();
        try {
            while (source.position() < limit) {
                openWindow(source);
                channel.write(source);
                source.limit(limit);
            }
        } catch (IOException e) {
            throw fail("writing to", e, writing);
        } finally {
            source.limit(limit);
        }
        leave(writing, "writing", "writing to");
    }

    /// Lowers the limit of a large heap buffer.
    ///
    /// @return the limit as it was
    private static int openWindow(ByteBuffer buffer) {
        int limit = buffer.limit();
        if (!buffer.isDirect() && buffer.remaining() > HEAP_WINDOW_BYTES) {
            buffer.limit(buffer.position() + HEAP_WINDOW_BYTES);
        }
        return limit;
    }

    private void leave(Deadline call, String name, String doing) throws IOException {
        if (!call.finish()) {
            // The sweeper decided a moment before we came back, and is about to end the link.
            throw end(new LinkEnd.TimedOut(name, call.patience())).toException(doing, remote);
        }
    }

    /// The kernel tells a reset to one call only, and the other direction then sees an ordinary
    /// end. So when a write is under way, as it is if a full window was blocking it, its outcome
    /// says which of the two this is. A writer that is told nothing costs a real end 50 ms, once.
    private int endOfStream() throws IOException {
        long giveUp = Deadline.now() + VERDICT_NANOS;
        while (writing.isRunning() && end.get() == null && Deadline.now() < giveUp) {
            LockSupport.parkNanos(VERDICT_STEP_NANOS);
        }
        LinkEnd known = end.get();
        if (known != null) {
            throw known.toException("reading from", remote);
        }
        return -1;
    }

    private IOException fail(String doing, IOException e, Deadline call) {
        LinkEnd reason;
        if (e instanceof ClosedChannelException) {
            reason = new LinkEnd.Closed();
        } else if (isReset(e)) {
            reason = new LinkEnd.Reset();
        } else {
            reason = new LinkEnd.Broken(e);
        }
        IOException failure = end(reason).toException(doing, remote);
        call.finish(); // only now: endOfStream waits for the reason
        return failure;
    }

    /// Reads fail with the JDK's own "Connection reset". Writes carry the text of the C library:
    /// "Connection reset by peer" to the first call after a reset, "Broken pipe" to later ones.
    private static boolean isReset(IOException e) {
        String message = e.getMessage();
        return message != null
                && (message.contains("Connection reset") || message.contains("Broken pipe"));
    }

    /// Ends the link if a call on it is overdue.
    void sweep(long now) {
        if (reading.expire(now)) {
            end(new LinkEnd.TimedOut("reading", reading.patience()));
        }
        if (writing.expire(now)) {
            end(new LinkEnd.TimedOut("writing", writing.patience()));
        }
    }

    @Override
    public void close() {
        end(new LinkEnd.Closed());
    }

    /// Ends the link unless it is over already.
    ///
    /// @return the reason that counts
    private LinkEnd end(LinkEnd reason) {
        LinkEnd earlier = end.compareAndExchange(null, reason);
        if (earlier != null) {
            return earlier;
        }
        closeQuietly(channel);
        onEnd.accept(this);
        return reason;
    }

    /// For channels that nobody will ask again: the descriptor is released whatever `close` says.
    static void closeQuietly(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException _) {
            // Linux reports here what a late write ran into; the bytes were never promised.
        }
    }

    @Override
    public String toString() {
        return "link to " + Addresses.text(remote);
    }
}
