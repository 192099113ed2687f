package dev.thistle.lab.background;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.Arrays;

/// The content of an upload: zeros, no faster than a rate. Owned by the thread that reads it.
final class PacedZeros extends InputStream {

    private final Pace pace;
    private final Tally tally;
    private long left;

    PacedZeros(long size, long bitsPerSecond, Tally tally) {
        left = size;
        pace = new Pace(bitsPerSecond);
        this.tally = tally;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0];
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (left == 0) {
            return -1;
        }
        int bytes = (int) Math.min(left, length);
        try {
            pace.spend(bytes);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("upload ended");
        }
        Arrays.fill(target, offset, offset + bytes, (byte) 0);
        tally.bytes(bytes);
        left -= bytes;
        return bytes;
    }
}
