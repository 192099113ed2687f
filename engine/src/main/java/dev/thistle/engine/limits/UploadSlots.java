package dev.thistle.engine.limits;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The upload slots of a session, shared fairly by its torrents: none gets fewer than another while
/// it could use more (max-min fairness). What does not divide evenly, and that is also one slot
/// among many torrents, goes round and stays with a torrent for [#TURN_NANOS].
///
/// A torrent that holds more than its share gives back in its next round of choking, so a change
/// takes effect within a round. Thread-safe, never waits.
public final class UploadSlots {

    /// As long as a seed's slot stays with a leecher while others wait.
    static final long TURN_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final int most;
    private final long startNanos;
    private final List<Claim> claims = new ArrayList<>();
    private int taken;

    /// @param most slots in all
    public UploadSlots(int most, long nowNanos) {
        this.most = most;
        startNanos = nowNanos;
    }

    /// A torrent's part in them, until it is ended.
    public synchronized Claim claim() {
        var claim = new Claim();
        claims.add(claim);
        return claim;
    }

    /// Fills all claims evenly until they or the slots are spent.
    private void divide(long nowNanos) {
        var hungry = new ArrayList<Claim>();
        for (Claim claim : claims) {
            claim.share = 0;
            if (claim.wanted > 0) {
                hungry.add(claim);
            }
        }
        int left = most;
        for (int each = 1; !hungry.isEmpty() && each > 0; ) {
            each = left / hungry.size();
            for (Claim claim : hungry) {
                int more = Math.min(each, claim.wanted - claim.share);
                claim.share += more;
                left -= more;
            }
            hungry.removeIf(claim -> claim.share == claim.wanted);
        }
        long turn = (nowNanos - startNanos) / TURN_NANOS;
        for (int i = 0; i < left && !hungry.isEmpty(); i++) {
            hungry.get((int) ((turn * left + i) % hungry.size())).share++;
        }
    }

    /// One torrent's part. Its thread alone uses it.
    public final class Claim {

        private int wanted;
        private int held;
        private int share;

        private Claim() {}

        /// How many slots the torrent may hold for now, if it can use so many.
        public int share(int wantedSlots, long nowNanos) {
            synchronized (UploadSlots.this) {
                boolean isIdle = wantedSlots == 0 && wanted == 0;
                wanted = wantedSlots;
                if (!isIdle) {
                    divide(nowNanos);
                }
                return share;
            }
        }

        /// The torrent can use only so many from now on: what it could use before is the others'
        /// with their next look.
        public void wants(int slots) {
            synchronized (UploadSlots.this) {
                wanted = slots;
            }
        }

        /// Takes one, if one is left that is not somebody else's.
        public boolean tryTake() {
            synchronized (UploadSlots.this) {
                if (taken >= most || held >= share) {
                    return false;
                }
                taken++;
                held++;
                return true;
            }
        }

        /// Gives one back that was taken.
        public void giveBack() {
            synchronized (UploadSlots.this) {
                if (held == 0) {
                    throw new IllegalStateException("gave back what was not taken");
                }
                taken--;
                held--;
            }
        }

        /// The torrent has ended. What it holds is given back.
        public void end() {
            synchronized (UploadSlots.this) {
                taken -= held;
                held = 0;
                claims.remove(this);
            }
        }
    }
}
