package dev.thistle.engine.limits;

/// So many of something and no more. Thread-safe, never waits.
public final class Quota {

    private final int most;
    private int taken;

    public Quota(int most) {
        this.most = most;
    }

    /// Takes one, if there is one left.
    public synchronized boolean tryTake() {
        if (taken >= most) {
            return false;
        }
        taken++;
        return true;
    }

    /// Gives one back that was taken.
    public synchronized void giveBack() {
        if (taken == 0) {
            throw new IllegalStateException("gave back what was not taken");
        }
        taken--;
    }

    public int most() {
        return most;
    }
}
