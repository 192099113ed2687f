package dev.thistle.protocol.rc4;

import java.nio.ByteBuffer;

/// One RC4 key stream and the place reached in it. Encrypting and decrypting are the same. Not
/// thread-safe: one stream belongs to one direction of one conversation.
public final class Rc4 {

    private static final int STATES = 256;

    private final byte[] state = new byte[STATES];
    private int i;
    private int j;

    /// Schedules `key`.
    ///
    /// @param key 1 to 256 bytes
    public Rc4(byte[] key) {
        if (key.length == 0 || key.length > STATES) {
            throw new IllegalArgumentException(
                    "key of %d bytes, allowed 1..256".formatted(key.length));
        }
        for (int k = 0; k < STATES; k++) {
            state[k] = (byte) k;
        }
        for (int k = 0, m = 0; k < STATES; k++) {
            m = (m + state[k] + key[k % key.length]) & 0xFF;
            swap(k, m);
        }
    }

    /// Throws away the next `bytes` of the key stream.
    public void skip(int bytes) {
        for (int k = 0; k < bytes; k++) {
            next();
        }
    }

    /// Changes the bytes between position and limit in place; neither moves.
    public void apply(ByteBuffer region) {
        for (int k = region.position(); k < region.limit(); k++) {
            region.put(k, (byte) (region.get(k) ^ next()));
        }
    }

    /// Changes `length` bytes from `offset` in place.
    public void apply(byte[] bytes, int offset, int length) {
        for (int k = offset; k < offset + length; k++) {
            bytes[k] ^= next();
        }
    }

    private byte next() {
        i = (i + 1) & 0xFF;
        j = (j + state[i]) & 0xFF;
        swap(i, j);
        return state[(state[i] + state[j]) & 0xFF];
    }

    private void swap(int a, int b) {
        byte kept = state[a];
        state[a] = state[b];
        state[b] = kept;
    }
}
