package dev.thistle.bench.threads;

import dev.thistle.protocol.rc4.Rc4;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/// One end of a connection that carries what peers carry: requests of 17 bytes one way, messages
/// with a block of 16 KiB the other, all under RC4.
///
/// One thread may call [#received] while another calls [#fill].
abstract sealed class End {

    static final int BLOCK_BYTES = 16 * 1024;
    static final int REQUEST_BYTES = 17;
    static final int PIECE_BYTES = 13 + BLOCK_BYTES;

    private final Rc4 in;
    private final Rc4 out;

    /// Messages that can be sent now.
    final AtomicInteger owed = new AtomicInteger();

    private End(String in, String out) {
        this.in = new Rc4(in.getBytes(StandardCharsets.US_ASCII));
        this.out = new Rc4(out.getBytes(StandardCharsets.US_ASCII));
    }

    /// Takes all of `bytes`, which it deciphers where they are.
    void received(ByteBuffer bytes) {
        in.apply(bytes);
        int messages = messages(bytes);
        if (messages > 0) {
            owed.addAndGet(messages);
        }
    }

    /// Counts how many messages `bytes`, in the clear, let us send.
    abstract int messages(ByteBuffer bytes);

    final boolean hasMore() {
        return owed.get() > 0;
    }

    /// Appends what can be sent and has room in `bytes`, enciphered.
    void fill(ByteBuffer bytes) {
        int start = bytes.position();
        int count = Math.min(owed.get(), bytes.remaining() / messageBytes());
        for (int n = 0; n < count; n++) {
            write(bytes);
        }
        owed.addAndGet(-count);
        out.apply(bytes.duplicate().flip().position(start));
    }

    abstract int messageBytes();

    abstract void write(ByteBuffer bytes);

    /// Whether everything that was to come has come.
    boolean isDone() {
        return false;
    }

    /// Sends a block for each request.
    static final class Seed extends End {

        private final byte[] block = new byte[BLOCK_BYTES];
        private int passed;

        Seed() {
            super("leech", "seed");
        }

        @Override
        int messages(ByteBuffer bytes) {
            int all = passed + bytes.remaining();
            passed = all % REQUEST_BYTES;
            return all / REQUEST_BYTES;
        }

        @Override
        int messageBytes() {
            return PIECE_BYTES;
        }

        @Override
        void write(ByteBuffer bytes) {
            bytes.putInt(PIECE_BYTES - 4).put((byte) 7).putLong(0).put(block);
        }
    }

    /// Keeps [#WINDOW] requests under way until it has all its blocks.
    static final class Leech extends End {

        /// Blocks asked for and not yet here: 1 MiB, as an engine has it at some speed.
        private static final int WINDOW = 64;

        private final int blocks;
        private int unasked;
        private long passed;

        Leech(int blocks) {
            super("seed", "leech");
            this.blocks = blocks;
            int first = Math.min(blocks, WINDOW);
            unasked = blocks - first;
            owed.set(first);
        }

        @Override
        int messages(ByteBuffer bytes) {
            long before = passed / PIECE_BYTES;
            passed += bytes.remaining();
            int freed = (int) Math.min(passed / PIECE_BYTES - before, unasked);
            unasked -= freed;
            return freed;
        }

        @Override
        int messageBytes() {
            return REQUEST_BYTES;
        }

        @Override
        void write(ByteBuffer bytes) {
            bytes.putInt(REQUEST_BYTES - 4).put((byte) 6).putInt(0).putInt(0).putInt(BLOCK_BYTES);
        }

        @Override
        boolean isDone() {
            return passed == (long) blocks * PIECE_BYTES;
        }
    }
}
