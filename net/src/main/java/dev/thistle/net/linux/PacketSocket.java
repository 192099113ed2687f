package dev.thistle.net.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.thistle.net.ClosedException;
import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;

/// Every Ethernet frame that arrives at any interface of a namespace, and a way to send frames out
/// of any (packet(7)). What the socket itself or the namespace's kernel sends is not shown.
///
/// The kernel still gets its own copy of each frame; it ignores those that are not for its MAC
/// address ([VethEnd#BOX_MAC]). Usable from any one thread at a time, in whatever namespace; only
/// [#close] may come from another, at any time.
public final class PacketSocket implements Closeable {

    /// Room for what arrives while the owner is busy. A frame of 1500 bytes takes 2304 in it, so
    /// this is 3600 frames, or 44 ms of a saturated gigabit.
    ///
    /// Only true root may have that much. Root of a user namespace gets at most what the machine's
    /// net.core.rmem_max says: 212 992 bytes by default, 92 frames.
    private static final int BUFFER_BYTES = 8 << 20;

    private static final int AF_PACKET = 17;
    private static final int SOCK_RAW_CLOEXEC_NONBLOCK = 3 | 0x80000 | 0x800;
    private static final int EFD_CLOEXEC_NONBLOCK = 0x80000 | 0x800;
    private static final short ETH_P_ALL = 3;
    private static final int SOL_SOCKET = 1;
    private static final int SO_SNDBUF = 7;
    private static final int SO_RCVBUF = 8;
    private static final int SO_SNDBUFFORCE = 32;
    private static final int SO_RCVBUFFORCE = 33;
    private static final int SOL_PACKET = 263;
    private static final int PACKET_STATISTICS = 6;
    private static final int PACKET_QDISC_BYPASS = 20;
    private static final int PACKET_IGNORE_OUTGOING = 23;
    private static final short POLLIN = 1;
    private static final short POLLOUT = 4;

    /// `struct pollfd`: descriptor, events, returned events.
    private static final int POLLFD_BYTES = 8;

    private static final int POLLFD_EVENTS = 4;

    private final Libc libc = new Libc();
    private final ReentrantLock lock = new ReentrantLock();
    private final int socket;
    private final int waker;
    private final MemorySegment pollfds = Arena.ofAuto().allocate(2L * POLLFD_BYTES, 8);
    private final MemorySegment timespec = Arena.ofAuto().allocate(16, 8);
    private final MemorySegment statistics = Arena.ofAuto().allocate(8, 4);
    private final AtomicBoolean closed = new AtomicBoolean();

    private long received;
    private long sent;
    private long missed;
    private long refused;

    /// What a socket has counted since it was opened, in frames.
    ///
    /// @param received taken from the kernel
    /// @param sent given to the kernel
    /// @param missed arrived, but the socket's buffer was full
    /// @param refused not sent, because the interface is gone, down or overfull
    public record Counts(long received, long sent, long missed, long refused) {}

    private PacketSocket(int socket, int waker) {
        this.socket = socket;
        this.waker = waker;
    }

    /// Opens one on all interfaces that `namespace` has or will have.
    public static PacketSocket open(Namespace namespace) throws IOException {
        return namespace.call(() -> openHere(namespace));
    }

    private static PacketSocket openHere(Namespace namespace) throws IOException {
        var libc = new Libc();
        String what = namespace + ": packet socket";
        int socket = libc.socket(AF_PACKET, SOCK_RAW_CLOEXEC_NONBLOCK, 0);
        if (socket < 0) {
            throw libc.failure(what);
        }
        int waker = -1;
        if (!configure(libc, socket) || (waker = libc.eventfd(0, EFD_CLOEXEC_NONBLOCK)) < 0) {
            IOException failure = libc.failure(what);
            libc.close(socket);
            throw failure;
        }
        return new PacketSocket(socket, waker);
    }

    /// Nothing arrives before the last step, which names the protocol.
    private static boolean configure(Libc libc, int socket) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(20, 4);
            address.set(JAVA_SHORT, 0, (short) AF_PACKET);
            address.set(JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN), 2, ETH_P_ALL);
            return libc.setsockopt(socket, SOL_PACKET, PACKET_IGNORE_OUTGOING, 1) == 0
                    && libc.setsockopt(socket, SOL_PACKET, PACKET_QDISC_BYPASS, 1) == 0
                    && buffer(libc, socket, SO_RCVBUFFORCE, SO_RCVBUF)
                    && buffer(libc, socket, SO_SNDBUFFORCE, SO_SNDBUF)
                    && libc.bind(socket, address) == 0;
        }
    }

    private static boolean buffer(Libc libc, int socket, int force, int ask) {
        return libc.setsockopt(socket, SOL_SOCKET, force, BUFFER_BYTES) == 0
                || libc.setsockopt(socket, SOL_SOCKET, ask, BUFFER_BYTES) == 0;
    }

    /// Fills a batch with what has arrived; waits for the first frame if nothing has.
    ///
    /// @param timeoutNanos how long to wait; 0 not at all
    /// @return the number of frames; 0 if none came in time
    /// @throws ClosedException if this socket is or gets closed
    public int receive(FrameBatch batch, long timeoutNanos) throws IOException {
        lock.lock();
        try {
            int count = take(batch);
            if (count == 0 && timeoutNanos > 0) {
                poll(POLLIN, timeoutNanos);
                count = take(batch);
            }
            return count;
        } finally {
            lock.unlock();
        }
    }

    private int take(FrameBatch batch) throws IOException {
        requireOpen();
        int count = libc.recvmmsg(socket, batch.prepareToReceive(), FrameBatch.CAPACITY, 0);
        if (count < 0) {
            // ENETDOWN: an interface went away, which is told once; the others go on.
            count =
                    switch (libc.errno()) {
                        case Libc.EAGAIN, Libc.EINTR, Libc.ENETDOWN -> 0;
                        default -> throw libc.failure("receiving frames");
                    };
        }
        batch.received(count);
        received += count;
        return count;
    }

    /// Sends all frames of a batch, each out of its interface, in order.
    ///
    /// A frame for an interface that is gone, down or overfull is lost, as on a wire, and counted.
    ///
    /// @return how many the kernel took
    /// @throws IOException for example if a frame is larger than an interface's MTU; frames after
    ///   it are not sent
    /// @throws ClosedException if this socket is or gets closed
    public int send(FrameBatch batch) throws IOException {
        lock.lock();
        try {
            int lost = 0;
            int next = 0;
            while (next < batch.size()) {
                requireOpen();
                int count =
                        libc.sendmmsg(socket, batch.prepareToSend(next), batch.size() - next, 0);
                if (count > 0) {
                    next += count;
                    sent += count;
                } else if (lose(batch, next)) {
                    next++;
                    lost++;
                    refused++;
                }
            }
            return batch.size() - lost;
        } finally {
            lock.unlock();
        }
    }

    /// After a failure to send.
    ///
    /// @return false if it is worth another try
    private boolean lose(FrameBatch batch, int i) throws IOException {
        return switch (libc.errno()) {
            case Libc.ENXIO, Libc.ENODEV, Libc.ENETDOWN, Libc.ENOBUFS -> true;
            case Libc.EAGAIN -> {
                poll(POLLOUT, 1_000_000);
                yield false;
            }
            case Libc.EINTR -> false;
            default ->
                    throw libc.failure(
                            "sending a frame of %d bytes to interface %d"
                                    .formatted(batch.frame(i).limit(), batch.interfaceIndex(i)));
        };
    }

    private void poll(short events, long timeoutNanos) throws IOException {
        requireOpen();
        pollfds.set(JAVA_INT, 0, socket);
        pollfds.set(JAVA_SHORT, POLLFD_EVENTS, events);
        pollfds.set(JAVA_INT, POLLFD_BYTES, waker);
        pollfds.set(JAVA_SHORT, POLLFD_BYTES + POLLFD_EVENTS, POLLIN);
        timespec.set(JAVA_LONG, 0, timeoutNanos / 1_000_000_000);
        timespec.set(JAVA_LONG, 8, timeoutNanos % 1_000_000_000);
        if (libc.ppoll(pollfds, 2, timespec) < 0 && libc.errno() != Libc.EINTR) {
            throw libc.failure("waiting for frames");
        }
    }

    private void requireOpen() throws ClosedException {
        if (closed.get()) {
            throw new ClosedException("packet socket: closed by this end");
        }
    }

    /// What was counted so far.
    public Counts counts() throws IOException {
        lock.lock();
        try {
            requireOpen();
            // struct tpacket_stats: packets, drops, both since they were last asked for.
            if (libc.getsockopt(socket, SOL_PACKET, PACKET_STATISTICS, statistics) < 0) {
                throw libc.failure("reading the counters of a packet socket");
            }
            missed += Integer.toUnsignedLong(statistics.getAtIndex(JAVA_INT, 1));
            return new Counts(received, sent, missed, refused);
        } finally {
            lock.unlock();
        }
    }

    /// Ends calls under way with a [ClosedException].
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        var own = new Libc();
        var _ = own.eventfdWrite(waker, 1);
        lock.lock(); // until whoever was inside has left
        try {
            own.close(socket);
            own.close(waker);
        } finally {
            lock.unlock();
        }
    }
}
