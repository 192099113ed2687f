package dev.thistle.isp.box;

/// How long bytes take, and how many bytes a time is worth, at a number of bits a second.
record Rate(long bitsPerSecond) {

    private static final double BIT_NANOS_PER_BYTE = 8e9;

    Rate {
        if (bitsPerSecond <= 0) {
            throw new IllegalArgumentException(
                    "rate of %d bits a second, allowed 1 and more".formatted(bitsPerSecond));
        }
    }

    long nanosFor(long bytes) {
        return (long) (bytes * BIT_NANOS_PER_BYTE / bitsPerSecond);
    }

    long bytesIn(long nanos) {
        return (long) (nanos * (double) bitsPerSecond / BIT_NANOS_PER_BYTE);
    }
}
