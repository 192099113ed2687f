package dev.thistle.net.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Objects;

/// Up to [#CAPACITY] Ethernet frames, each with the interface it came from or goes to, in memory
/// that the kernel reads and writes directly.
///
/// A batch is filled by [PacketSocket#receive] or by [#add], and emptied by [PacketSocket#send],
/// which leaves it as it was, or [#clear]. What was received can be sent on from where it lies,
/// with [#redirect]. One thread at a time.
///
/// ```
/// messages   struct mmsghdr [64]      { name* namelen iov* iovlen control* controllen flags } len
/// addresses  struct sockaddr_ll [64]  family protocol ifindex hatype pkttype halen addr
/// vectors    struct iovec [64]        base* len
/// frames     64 times frameBytes
/// ```
public final class FrameBatch {

    /// A system call in 64 frames costs little beside the frames themselves.
    public static final int CAPACITY = 64;

    private static final int MESSAGE_BYTES = 64;
    private static final int MESSAGE_NAME = 0;
    private static final int MESSAGE_NAME_LENGTH = 8;
    private static final int MESSAGE_VECTOR = 16;
    private static final int MESSAGE_VECTOR_LENGTH = 24;
    private static final int MESSAGE_RECEIVED = 56;

    private static final int ADDRESS_BYTES = 20;
    private static final int ADDRESS_INTERFACE = 4;
    private static final short AF_PACKET = 17;

    private static final int VECTOR_BYTES = 16;
    private static final int VECTOR_LENGTH = 8;

    /// An Ethernet header.
    private static final int MIN_FRAME = 14;

    private static final int MAX_FRAME = 65_536;

    private final int frameBytes;
    private final MemorySegment messages;
    private final MemorySegment addresses;
    private final MemorySegment vectors;
    private final ByteBuffer[] frames = new ByteBuffer[CAPACITY];
    private int size;

    /// An empty batch.
    ///
    /// @param frameBytes room for each frame, Ethernet header included; longer ones are cut when
    ///   received. MTU + 14 is enough
    public FrameBatch(int frameBytes) {
        if (frameBytes < MIN_FRAME || frameBytes > MAX_FRAME) {
            throw new IllegalArgumentException(
                    "frame of %d bytes, allowed %d..%d"
                            .formatted(frameBytes, MIN_FRAME, MAX_FRAME));
        }
        this.frameBytes = frameBytes;
        // The collector frees it when neither the batch nor a view of a frame is left.
        Arena arena = Arena.ofAuto();
        messages = arena.allocate((long) CAPACITY * MESSAGE_BYTES, 8);
        addresses = arena.allocate((long) CAPACITY * ADDRESS_BYTES, 4);
        vectors = arena.allocate((long) CAPACITY * VECTOR_BYTES, 8);
        MemorySegment room = arena.allocate((long) CAPACITY * frameBytes, 64);
        for (int i = 0; i < CAPACITY; i++) {
            MemorySegment frame = room.asSlice((long) i * frameBytes, frameBytes);
            frames[i] = frame.asByteBuffer();
            vectors.set(ADDRESS, (long) i * VECTOR_BYTES, frame);
            long message = (long) i * MESSAGE_BYTES;
            messages.set(
                    ADDRESS,
                    message + MESSAGE_NAME,
                    addresses.asSlice((long) i * ADDRESS_BYTES, ADDRESS_BYTES));
            messages.set(JAVA_INT, message + MESSAGE_NAME_LENGTH, ADDRESS_BYTES);
            messages.set(
                    ADDRESS,
                    message + MESSAGE_VECTOR,
                    vectors.asSlice((long) i * VECTOR_BYTES, VECTOR_BYTES));
            messages.set(JAVA_LONG, message + MESSAGE_VECTOR_LENGTH, 1L);
        }
    }

    /// How many frames are in it.
    public int size() {
        return size;
    }

    /// Whether [#add] would be refused.
    public boolean isFull() {
        return size == CAPACITY;
    }

    /// Forgets all frames.
    public void clear() {
        size = 0;
    }

    /// The whole of a frame, from its Ethernet header on: a view of this batch's memory, the same
    /// object each time, good until the batch is cleared or filled again.
    public ByteBuffer frame(int i) {
        return frames[Objects.checkIndex(i, size)];
    }

    /// The number of the interface that a frame came from or goes to.
    public int interfaceIndex(int i) {
        return addresses.get(JAVA_INT, addressOf(Objects.checkIndex(i, size)) + ADDRESS_INTERFACE);
    }

    /// Sends a frame of this batch, as it stands, to an interface.
    public void redirect(int i, int interfaceIndex) {
        long address = addressOf(Objects.checkIndex(i, size));
        addresses.asSlice(address, ADDRESS_BYTES).fill((byte) 0);
        addresses.set(JAVA_SHORT, address, AF_PACKET);
        addresses.set(JAVA_INT, address + ADDRESS_INTERFACE, interfaceIndex);
    }

    /// Copies a frame, from position to limit, to the end of this batch; leaves both untouched.
    ///
    /// @param frame a whole Ethernet frame of 14 to `frameBytes` bytes
    public void add(int interfaceIndex, ByteBuffer frame) {
        if (isFull()) {
            throw new IllegalStateException("batch is full");
        }
        int length = frame.remaining();
        if (length < MIN_FRAME || length > frameBytes) {
            throw new IllegalArgumentException(
                    "frame of %d bytes, allowed %d..%d".formatted(length, MIN_FRAME, frameBytes));
        }
        ByteBuffer room = frames[size].clear();
        room.put(0, frame, frame.position(), length).limit(length);
        size++;
        redirect(size - 1, interfaceIndex);
    }

    private static long addressOf(int i) {
        return (long) i * ADDRESS_BYTES;
    }

    /// Makes room for the kernel to fill.
    MemorySegment prepareToReceive() {
        size = 0;
        for (int i = 0; i < CAPACITY; i++) {
            setLength(i, frameBytes);
        }
        return messages;
    }

    /// Takes what the kernel has filled.
    void received(int count) {
        for (int i = 0; i < count; i++) {
            int bytes = messages.get(JAVA_INT, (long) i * MESSAGE_BYTES + MESSAGE_RECEIVED);
            frames[i].clear().limit(bytes);
        }
        size = count;
    }

    /// What the kernel is to send from frame `first` on.
    MemorySegment prepareToSend(int first) {
        for (int i = first; i < size; i++) {
            setLength(i, frames[i].limit());
        }
        return messages.asSlice((long) first * MESSAGE_BYTES);
    }

    private void setLength(int i, long bytes) {
        vectors.set(JAVA_LONG, (long) i * VECTOR_BYTES + VECTOR_LENGTH, bytes);
    }
}
