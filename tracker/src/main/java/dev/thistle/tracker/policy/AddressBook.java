package dev.thistle.tracker.policy;

import java.util.Arrays;
import java.util.function.LongSupplier;

/// What each address has asked of the tracker: announces of late, as a token bucket, and rows it
/// has in swarms. One IPv6 customer has a /64, so that counts as one address.
///
/// Flat columns of 28 bytes an address in sixteen stripes with a lock each; addresses are hashed to
/// 64 bits with a secret, and two that collide share their limits. An address without rows and with
/// a full bucket is dropped when its stripe next grows. Thread-safe.
public final class AddressBook {

    private static final int STRIPES = 16;
    private static final int SMALLEST = 64;

    private static final class Stripe {
        long[] names = new long[SMALLEST]; // 0 is nobody
        int[] rows = new int[SMALLEST];
        double[] tokens = new double[SMALLEST];
        long[] filledNanos = new long[SMALLEST];
        int used;
    }

    private final Stripe[] stripes = new Stripe[STRIPES];
    private final double tokensPerNano;
    private final int burst;
    private final int maxRows;
    private final LongSupplier nanoClock;
    private final long salt;

    /// @param announcesPerSecond lasting rate of one address
    /// @param burst announces at once
    /// @param maxRows peers of one address in all swarms together
    /// @param nanoClock monotonic
    /// @param salt secret of the process
    public AddressBook(
            int announcesPerSecond, int burst, int maxRows, LongSupplier nanoClock, long salt) {
        this.tokensPerNano = announcesPerSecond / 1e9;
        this.burst = burst;
        this.maxRows = maxRows;
        this.nanoClock = nanoClock;
        this.salt = salt;
        Arrays.setAll(stripes, _ -> new Stripe());
    }

    /// Takes a token: may this address announce now?
    ///
    /// @param ip 4 or 16 bytes
    public boolean mayAnnounce(byte[] ip) {
        long name = name(ip);
        Stripe stripe = stripe(name);
        long now = nanoClock.getAsLong();
        synchronized (stripe) {
            int at = rowOf(stripe, name, now);
            refill(stripe, at, now);
            if (stripe.tokens[at] < 1) {
                return false;
            }
            stripe.tokens[at]--;
            return true;
        }
    }

    /// Counts a row in a swarm, unless the address has too many.
    ///
    /// @param ip 4 or 16 bytes
    public boolean enter(byte[] ip) {
        long name = name(ip);
        Stripe stripe = stripe(name);
        synchronized (stripe) {
            int at = rowOf(stripe, name, nanoClock.getAsLong());
            if (stripe.rows[at] >= maxRows) {
                return false;
            }
            stripe.rows[at]++;
            return true;
        }
    }

    /// Takes back one [#enter].
    public void leave(byte[] ip) {
        long name = name(ip);
        Stripe stripe = stripe(name);
        synchronized (stripe) {
            int at = rowOf(stripe, name, nanoClock.getAsLong());
            stripe.rows[at] = Math.max(0, stripe.rows[at] - 1);
        }
    }

    private void refill(Stripe stripe, int at, long now) {
        double gained = (now - stripe.filledNanos[at]) * tokensPerNano;
        stripe.tokens[at] = Math.min(burst, stripe.tokens[at] + gained);
        stripe.filledNanos[at] = now;
    }

    /// The place of `name`, made if it has none.
    private int rowOf(Stripe stripe, long name, long now) {
        int at = find(stripe.names, name);
        if (stripe.names[at] == 0) {
            if (2 * (stripe.used + 1) > stripe.names.length) {
                rebuild(stripe, now);
                at = find(stripe.names, name);
            }
            stripe.names[at] = name;
            stripe.rows[at] = 0;
            stripe.tokens[at] = burst;
            stripe.filledNanos[at] = now;
            stripe.used++;
        }
        return at;
    }

    private static int find(long[] names, long name) {
        int mask = names.length - 1;
        int at = (int) (name >>> 8) & mask;
        while (names[at] != 0 && names[at] != name) {
            at = (at + 1) & mask;
        }
        return at;
    }

    /// Drops who left no trace, and doubles the columns if that was not enough.
    private void rebuild(Stripe stripe, long now) {
        var old = new Stripe();
        old.names = stripe.names;
        old.rows = stripe.rows;
        old.tokens = stripe.tokens;
        old.filledNanos = stripe.filledNanos;
        int kept = 0;
        for (int k = 0; k < old.names.length; k++) {
            if (old.names[k] != 0) {
                refill(old, k, now);
                if (old.rows[k] == 0 && old.tokens[k] >= burst) {
                    old.names[k] = 0;
                } else {
                    kept++;
                }
            }
        }
        int length = SMALLEST;
        while (length < 4 * (kept + 1)) {
            length *= 2;
        }
        stripe.names = new long[length];
        stripe.rows = new int[length];
        stripe.tokens = new double[length];
        stripe.filledNanos = new long[length];
        stripe.used = kept;
        for (int k = 0; k < old.names.length; k++) {
            if (old.names[k] != 0) {
                int at = find(stripe.names, old.names[k]);
                stripe.names[at] = old.names[k];
                stripe.rows[at] = old.rows[k];
                stripe.tokens[at] = old.tokens[k];
                stripe.filledNanos[at] = old.filledNanos[k];
            }
        }
    }

    private Stripe stripe(long name) {
        return stripes[(int) name & (STRIPES - 1)];
    }

    private long name(byte[] ip) {
        long hash = salt + ip.length;
        for (int k = 0; k < Math.min(ip.length, 8); k++) {
            hash = (hash ^ (ip[k] & 0xFF)) * 0x9E37_79B9_7F4A_7C15L;
            hash ^= hash >>> 31;
        }
        return hash == 0 ? 1 : hash;
    }
}
