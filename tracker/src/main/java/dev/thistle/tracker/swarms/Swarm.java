package dev.thistle.tracker.swarms;

import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.PeerAddress;
import dev.thistle.protocol.tracker.ReceivedAnnounce;
import dev.thistle.protocol.tracker.SwarmCounts;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// One torrent: its peers of both families, and the encrypted lists that large ones keep.
///
/// A peer is its address and port. One that comes back with the same peer id and key from elsewhere
/// has moved: its old row goes, unless a limit forbids the new one. A completion counts once, and
/// only for a peer that was here and not yet a seeder, so nobody raises the count by repeating it.
///
/// Not thread-safe: guarded by the lock of its shard.
final class Swarm {

    /// Rows that an expiry step looks at before it gives the lock back.
    static final int STEP_ROWS = 1_000;

    /// What a new row costs: told so that the limits per address and in total can be kept.
    interface Census {
        /// May this address have one more row? Counts it if so.
        boolean enter(byte[] endpoint);

        void leave(byte[] endpoint);
    }

    private final SwarmRules rules;
    private final Census census;
    private final Neighbours neighbours;
    private final long salt;
    private @Nullable PeerArray v4;
    private @Nullable PeerArray v6;
    private int downloaded;
    private int lastAnnounce;
    private int nextShuffle;

    /// @param salt secret of the process
    Swarm(InfoHash infoHash, SwarmRules rules, Census census, long salt, int now) {
        this.rules = rules;
        this.census = census;
        this.salt = salt;
        this.neighbours = new Neighbours(infoHash, rules.intervalSeconds(), salt);
        this.lastAnnounce = now;
        this.nextShuffle = now + rules.intervalSeconds();
    }

    int lastAnnounce() {
        return lastAnnounce;
    }

    boolean isEmpty() {
        return size(v4) == 0 && size(v6) == 0;
    }

    SwarmCounts counts() {
        int seeds = 0;
        int partials = 0;
        int all = 0;
        for (int k = 0; k < 2; k++) {
            PeerArray array = k == 0 ? v4 : v6;
            if (array != null) {
                all += array.size();
                seeds += array.seeds();
                partials += array.partials();
            }
        }
        return new SwarmCounts(seeds, all - seeds, downloaded, all - seeds - partials);
    }

    /// Enters or refreshes a peer.
    ///
    /// @return why not, or null
    @Nullable String admit(byte[] endpoint, Asker asker, int now) {
        lastAnnounce = now;
        PeerArray array = array(endpoint.length);
        int row = array.find(endpoint);
        int kept = 0;
        boolean wasLeeching = false;
        if (row >= 0) {
            kept = array.flags(row) & PeerArray.COUNTED;
            wasLeeching = (array.flags(row) & PeerArray.SEED) == 0;
        } else {
            int moved = array.findKey(asker.key());
            String refusal = moved < 0 ? enter(array, endpoint, 0) : move(array, moved, endpoint);
            if (refusal != null) {
                return refusal;
            }
            if (moved >= 0) {
                kept = array.flags(moved) & PeerArray.COUNTED;
                wasLeeching = (array.flags(moved) & PeerArray.SEED) == 0;
                remove(array, moved);
            }
        }
        boolean completes =
                switch (asker.event()) {
                    case COMPLETED -> wasLeeching && asker.isSeed() && kept == 0;
                    case NONE, STARTED, STOPPED, PAUSED -> false;
                };
        if (completes) {
            downloaded++;
            kept = PeerArray.COUNTED;
        }
        int expiry = now + rules.lifeSeconds();
        if (row >= 0) {
            array.update(row, asker.flags() | kept, expiry, asker.key(), asker.id());
        } else {
            array.add(endpoint, asker.flags() | kept, expiry, asker.key(), asker.id());
        }
        neighbours.changed(endpoint, asker.flags());
        return null;
    }

    /// Counts a new row, if the limits allow it.
    ///
    /// @param leaving rows of the same address that go when this one comes
    private @Nullable String enter(PeerArray array, byte[] endpoint, int leaving) {
        if (array.portsOf(endpoint) - leaving >= rules.maxPortsPerAddress()) {
            return "too many peers at your address in this torrent";
        }
        return census.enter(endpoint)
                ? null
                : "too many peers at your address, or the tracker is full";
    }

    /// Counts the new row of a peer in place of its old one; where that is refused, the old one
    /// stays counted, as the peer may still be there.
    private @Nullable String move(PeerArray array, int row, byte[] endpoint) {
        byte[] old = array.endpoint(row);
        boolean sameAddress = Endpoints.same(old, 0, endpoint, endpoint.length - Short.BYTES);
        census.leave(old);
        String refusal = enter(array, endpoint, sameAddress ? 1 : 0);
        if (refusal != null && !census.enter(old)) {
            remove(array, row); // somebody else has taken its place in the total meanwhile
        }
        return refusal;
    }

    /// Takes a peer out: by its endpoint, or by its key if it left from elsewhere.
    void dismiss(byte[] endpoint, Asker asker) {
        PeerArray array = endpoint.length == PeerAddress.V4_BYTES ? v4 : v6;
        if (array == null) {
            return;
        }
        int row = array.find(endpoint);
        row = row >= 0 ? row : array.findKey(asker.key());
        if (row >= 0) {
            drop(array, row);
        }
    }

    Pick pick(
            byte[] endpoint,
            Asker asker,
            ReceivedAnnounce announce,
            int count,
            int now,
            RandomGenerator random) {
        boolean four = endpoint.length == PeerAddress.V4_BYTES;
        return neighbours.pick(
                new Neighbours.Question(endpoint, asker, count, now),
                four ? v4 : v6,
                four ? v6 : v4,
                announce,
                random);
    }

    /// Removes what expired among the [#STEP_ROWS] rows below `from`.
    ///
    /// @param from number of a row of both families together, [#rows] to begin
    /// @return the next `from`; 0 when done
    int expire(int from, int now) {
        int stop = Math.max(0, from - STEP_ROWS);
        for (int row = from - 1; row >= stop; row--) {
            int fours = size(v4);
            PeerArray array = row < fours ? v4 : v6;
            int at = row < fours ? row : row - fours;
            if (array != null && at < array.size() && array.expiry(at) <= now) {
                drop(array, at);
            }
        }
        return stop;
    }

    int rows() {
        return size(v4) + size(v6);
    }

    /// New order once an interval, and no encrypted list that nobody asked for of late.
    void freshen(int now, RandomGenerator random) {
        neighbours.forgetIdle(now);
        if (now < nextShuffle) {
            return;
        }
        nextShuffle = now + rules.intervalSeconds();
        if (v4 != null) {
            v4.shuffle(random);
        }
        if (v6 != null) {
            v6.shuffle(random);
        }
    }

    private void drop(PeerArray array, int row) {
        census.leave(array.endpoint(row));
        remove(array, row);
    }

    /// Takes a row out that is not counted, or no more.
    private void remove(PeerArray array, int row) {
        byte[] endpoint = array.endpoint(row);
        array.remove(row);
        neighbours.left(endpoint);
    }

    private PeerArray array(int entryBytes) {
        PeerArray array = entryBytes == PeerAddress.V4_BYTES ? v4 : v6;
        if (array == null) {
            array = new PeerArray(entryBytes, salt, rules.keepPeerIds());
            if (entryBytes == PeerAddress.V4_BYTES) {
                v4 = array;
            } else {
                v6 = array;
            }
        }
        return array;
    }

    private static int size(@Nullable PeerArray array) {
        return array == null ? 0 : array.size();
    }
}
