package dev.thistle.lab.truth;

import dev.thistle.isp.packet.Address;
import dev.thistle.isp.packet.Endpoint;
import dev.thistle.net.ClosedException;
import dev.thistle.net.Link;
import dev.thistle.net.LinkResetException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A link whose end is noted: when and how, as this end learned it. What ended it first counts.
/// Bytes pass uncopied.
final class ObservedLink implements Link {

    private record End(Ending ending, long nanos) {}

    private final Link inner;
    private final long openedNanos = System.nanoTime();
    private final AtomicReference<@Nullable End> end = new AtomicReference<>();
    private volatile boolean otherFinished;

    ObservedLink(Link inner) {
        this.inner = inner;
    }

    @Override
    public InetSocketAddress remote() {
        return inner.remote();
    }

    @Override
    public InetSocketAddress local() {
        return inner.local();
    }

    @Override
    public int read(ByteBuffer target, Duration patience) throws IOException {
        try {
            int bytes = inner.read(target, patience);
            if (bytes < 0) {
                otherFinished = true;
            }
            return bytes;
        } catch (IOException e) {
            note(e);
            throw e;
        }
    }

    @Override
    public void write(ByteBuffer source, Duration patience) throws IOException {
        try {
            inner.write(source, patience);
        } catch (IOException e) {
            note(e);
            throw e;
        }
    }

    @Override
    public void close() {
        note(hungUp()); // first: the other end may learn of it before close returns
        inner.close();
    }

    private void note(IOException failure) {
        note(
                switch (failure) {
                    case LinkResetException _ -> Ending.RESET;
                    case SocketTimeoutException _ -> Ending.TIMED_OUT;
                    case ClosedException _ -> hungUp();
                    default -> Ending.BROKEN;
                });
    }

    private Ending hungUp() {
        return otherFinished ? Ending.FINISHED : Ending.CLOSED;
    }

    private void note(Ending ending) {
        end.compareAndSet(null, new End(ending, System.nanoTime()));
    }

    LinkLife life() {
        End known = end.get();
        End now = known == null ? new End(Ending.OPEN, System.nanoTime()) : known;
        return new LinkLife(
                endpoint(local()), endpoint(remote()), openedNanos, now.nanos, now.ending);
    }

    private static Endpoint endpoint(InetSocketAddress address) {
        return new Endpoint(Address.of(address.getAddress().getAddress()), address.getPort());
    }

    @Override
    public String toString() {
        return inner.toString();
    }
}
