package dev.thistle.net;

/// When a direction of a link in a [MemoryNetwork] provokes a reset, counted in bytes that the
/// receiver has read: so it strikes at the same place of the stream however the threads run.
public sealed interface Resets {

    /// Never by itself.
    record Never() implements Resets {}

    /// When exactly this many bytes were read.
    ///
    /// @param bytes 1 or more
    record After(long bytes) implements Resets {
        public After {
            requirePositive(bytes);
        }
    }

    /// Somewhere, drawn for each link from an exponential distribution: any byte is as likely to be
    /// the last as any other.
    ///
    /// @param meanBytes how far a link gets on average; 1 or more
    record Randomly(long meanBytes) implements Resets {
        public Randomly {
            requirePositive(meanBytes);
        }
    }

    private static void requirePositive(long bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException(
                    "reset after %d bytes, allowed > 0".formatted(bytes));
        }
    }
}
