package dev.thistle.engine.settings;

/// How much a file or a piece is wanted, on libtorrent's scale of 0 to 7. A piece of a higher
/// priority is always asked for before any of a lower one; among equals the rarest comes first.
///
/// @param level 0 (not wanted) to [#MAX_LEVEL]
public record Priority(int level) implements Comparable<Priority> {

    public static final int MAX_LEVEL = 7;

    /// Not downloaded.
    public static final Priority SKIP = new Priority(0);

    public static final Priority LOW = new Priority(1);

    public static final Priority NORMAL = new Priority(4);

    public static final Priority HIGH = new Priority(MAX_LEVEL);

    public Priority {
        if (level < 0 || level > MAX_LEVEL) {
            throw new IllegalArgumentException(
                    "priority: %d, allowed 0..%d".formatted(level, MAX_LEVEL));
        }
    }

    public boolean isWanted() {
        return level > 0;
    }

    @Override
    public int compareTo(Priority other) {
        return Integer.compare(level, other.level);
    }
}
