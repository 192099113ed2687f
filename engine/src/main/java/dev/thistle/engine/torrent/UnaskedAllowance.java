package dev.thistle.engine.torrent;

/// How many blocks that nobody asked for one peer may still send before it is taken to waste our
/// line on purpose. Each block that was asked for earns one, and so does each request that was
/// taken back, as its block may be on the way. So an honest peer never uses it up, however long it
/// stays.
final class UnaskedAllowance {

    /// 16 MiB, to begin with and as the most that good blocks can earn.
    static final int MOST = 1024;

    private int left = MOST;

    void blockCame() {
        left = left < MOST ? left + 1 : left;
    }

    void takenBack(int requests) {
        left += requests;
    }

    /// A block came that was not asked for.
    ///
    /// @return false when that was one too many
    boolean spend() {
        return --left >= 0;
    }
}
