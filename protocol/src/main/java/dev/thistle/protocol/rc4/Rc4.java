package dev.thistle.protocol.rc4;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ReadOnlyBufferException;
import java.util.Objects;

/// One direction of an RC4 stream: each byte that passes through is XORed with the next byte of a
/// key stream that never repeats and never resets. Enciphering and deciphering are the same call.
///
/// Made for bulk; four things make it about twice as fast as the plain loop
/// (`bench/baselines/rc4.md`):
///
/// 1. The 256 numbers are copied into a local array first. Its length is a constant the compiler
///    sees, so masked indexes need no bounds checks.
/// 2. The next `state[i]` is loaded *before* this step's two stores, and repaired in the one case
///    of 256 where a store hits it. Otherwise the processor waits for each store's address.
/// 3. Four steps make one `int` of key stream. `i` is a multiple of four where a group begins, so
///    it wraps between groups only.
/// 4. Key stream is made first and XORed after, in pieces that pass through a small array, and each
///    is a method of its own. So the hot loop sees one kind of memory, whatever buffers the callers
///    mix, and is compiled apart: in one method with the XOR it came out a quarter slower in every
///    second process.
///
/// For each 4 KiB, 1 KiB of garbage; a call under 256 bytes makes none. Once a longer one came, a
/// stream keeps 8 KiB to work in.
///
/// Not thread-safe: a stream belongs to one thread at a time. Spec: RFC 6229 has test vectors.
public final class Rc4 {

    /// The longest key that RC4's key schedule reads.
    public static final int MAX_KEY_BYTES = 256;

    private static final int STATE_SIZE = 256;

    /// Below this, copying the state back and forth (two times 1 KiB) is not worth its garbage.
    private static final int BULK_BYTES = 256;

    /// How much key stream is made at a time. A multiple of four. Less would copy the state more
    /// often, more would not stay in the processor's first cache.
    private static final int PIECE_BYTES = 4096;

    /// Reads and writes four bytes of an array, the first of them lowest.
    private static final VarHandle FOUR_BYTES =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final int[] state = new int[STATE_SIZE];

    /// The `i` of the next step, 0 to 255. Textbooks add one at the start of a step; here the
    /// addition is at the end.
    private int i = 1;

    private int j;

    /// Key stream, four bytes a number. Empty until a call is long enough to need it.
    private int[] keys = {};

    /// What is being ciphered, as long as `keys`.
    private byte[] bytes = {};

    /// Schedules `key`, which is not kept.
    ///
    /// @param key 1 to 256 bytes
    /// @throws IllegalArgumentException if it is empty or longer
    public Rc4(byte[] key) {
        if (key.length < 1 || key.length > MAX_KEY_BYTES) {
            throw new IllegalArgumentException(
                    "RC4 key of %d bytes, allowed 1..%d".formatted(key.length, MAX_KEY_BYTES));
        }
        for (int k = 0; k < STATE_SIZE; k++) {
            state[k] = k;
        }
        int swap = 0;
        for (int k = 0; k < STATE_SIZE; k++) {
            int here = state[k];
            swap = (swap + here + key[k % key.length]) & 255;
            state[k] = state[swap];
            state[swap] = here;
        }
    }

    /// Throws away the next `bytes` bytes of the key stream.
    ///
    /// @param bytes 0 or more
    public void skip(int bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException(
                    "skip of %d bytes, allowed 0 or more".formatted(bytes));
        }
        for (int n = 0; n < bytes; n++) {
            step();
        }
    }

    /// Enciphers or deciphers in place from position to limit. Moves neither.
    ///
    /// @throws ReadOnlyBufferException before any key stream is used
    public void apply(ByteBuffer region) {
        requireWritable(region);
        run(region, region.position(), region.remaining());
    }

    /// Enciphers or deciphers `length` bytes of `bytes` in place, from `offset` on.
    ///
    /// @throws IndexOutOfBoundsException before any key stream is used
    public void apply(byte[] bytes, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        run(ByteBuffer.wrap(bytes), offset, length);
    }

    /// Enciphers or deciphers all that remains of `source` into `target`, and moves both positions
    /// past it. The two may share memory: `source` is copied before any of it changes.
    ///
    /// @throws BufferOverflowException before any key stream is used, if `target` is too small
    /// @throws ReadOnlyBufferException before any key stream is used
    public void apply(ByteBuffer source, ByteBuffer target) {
        requireWritable(target);
        int length = source.remaining();
        int at = target.position();
        if (target.remaining() < length) {
            throw new BufferOverflowException();
        }
        target.put(at, source, source.position(), length);
        run(target, at, length);
        source.position(source.limit());
        target.position(at + length);
    }

    private static void requireWritable(ByteBuffer target) {
        if (target.isReadOnly()) {
            throw new ReadOnlyBufferException();
        }
    }

    private void run(ByteBuffer region, int at, int length) {
        int head = length < BULK_BYTES ? length : -i & 3;
        runByBytes(region, at, head);
        int bulk = (length - head) & ~3;
        if (bulk > 0) {
            runByFours(region, at + head, bulk);
        }
        runByBytes(region, at + head + bulk, length - head - bulk);
    }

    private void runByBytes(ByteBuffer region, int at, int length) {
        for (int n = at; n < at + length; n++) {
            region.put(n, (byte) (region.get(n) ^ step()));
        }
    }

    /// One step of the textbook: the next byte of the key stream, 0 to 255.
    private int step() {
        int x = state[i];
        j = (j + x) & 255;
        int y = state[j];
        state[j] = x;
        state[i] = y;
        i = (i + 1) & 255;
        return state[(x + y) & 255];
    }

    /// The fast way. `i` and `length` are multiples of four.
    private void runByFours(ByteBuffer region, int at, int length) {
        if (keys.length == 0) {
            keys = new int[PIECE_BYTES / 4];
            bytes = new byte[PIECE_BYTES];
        }
        for (int done = 0; done < length; done += PIECE_BYTES) {
            int piece = Math.min(PIECE_BYTES, length - done);
            makeKeys(keys, piece / 4);
            region.get(at + done, bytes, 0, piece);
            xor(bytes, keys, piece / 4);
            region.put(at + done, bytes, 0, piece);
        }
    }

    private static void xor(byte[] bytes, int[] keys, int count) {
        for (int n = 0; n < count; n++) {
            FOUR_BYTES.set(bytes, n * 4, (int) FOUR_BYTES.get(bytes, n * 4) ^ keys[n]);
        }
    }

    /// Makes `count` times four bytes of key stream. `i` is a multiple of four; the `& 252` tells
    /// the compiler so. In each step `x` is the number at this `i`, `ahead` the one at the next.
    private void makeKeys(int[] keys, int count) {
        int[] s = new int[STATE_SIZE];
        System.arraycopy(state, 0, s, 0, STATE_SIZE);
        int i = this.i & 252;
        int j = this.j;
        int x = s[i];
        for (int n = 0; n < count; n++) {
            j = (j + x) & 255;
            int y = s[j];
            int ahead = s[i + 1];
            s[j] = x;
            s[i] = y;
            if (j == i + 1) {
                ahead = x;
            }
            int key = s[(x + y) & 255];
            x = ahead;

            j = (j + x) & 255;
            y = s[j];
            ahead = s[i + 2];
            s[j] = x;
            s[i + 1] = y;
            if (j == i + 2) {
                ahead = x;
            }
            key |= s[(x + y) & 255] << 8;
            x = ahead;

            j = (j + x) & 255;
            y = s[j];
            ahead = s[i + 3];
            s[j] = x;
            s[i + 2] = y;
            if (j == i + 3) {
                ahead = x;
            }
            key |= s[(x + y) & 255] << 16;
            x = ahead;

            int group = (i + 4) & 252;
            j = (j + x) & 255;
            y = s[j];
            ahead = s[group];
            s[j] = x;
            s[i + 3] = y;
            if (j == group) {
                ahead = x;
            }
            key |= s[(x + y) & 255] << 24;
            x = ahead;
            i = group;

            keys[n] = key;
        }
        System.arraycopy(s, 0, state, 0, STATE_SIZE);
        this.i = i;
        this.j = j;
    }
}
