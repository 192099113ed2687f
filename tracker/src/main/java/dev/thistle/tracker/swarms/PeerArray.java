package dev.thistle.tracker.swarms;

import dev.thistle.protocol.PeerId;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The peers of one torrent and one address family as packed columns:
///
///     endpoint 6 or 18 | flags 1 | expiry 4 (second) | key 4 (hash)   [| peer id 20]
///
/// 15 bytes a row with IPv4, 27 with IPv6; rows have no gaps: the last one moves into the place of
/// a removed one. Above [#SCANNED] rows two indexes find a row, by endpoint and by key, at 8 to 16
/// bytes each a row. In the first, all ports of an address lie in one run, so that their limit can
/// be checked; loopback addresses, which have no limit, are spread by port.
///
/// Not thread-safe: guarded by the lock of the torrent's shard.
final class PeerArray {

    static final int SEED = 1;

    /// Has all it wants, not all there is (BEP 21).
    static final int PARTIAL = 2;

    /// Can encrypt: announced with `sha_ih`, `supportcrypto` or `requirecrypto`.
    static final int CRYPTO = 4;

    /// Refuses plain connections.
    static final int REQUIRE = 8;

    /// Its completion is in `downloaded` already.
    static final int COUNTED = 16;

    /// Most torrents have one or two peers: an index would be larger than they are.
    private static final int SCANNED = 8;

    private static final int SMALLEST = 2;

    private final int entryBytes;
    private final long salt;
    private final boolean withIds;

    private byte[] endpoints = new byte[0];
    private byte[] flags = new byte[0];
    private int[] expiries = new int[0];
    private int[] keys = new int[0];
    private byte[] ids = new byte[0];
    private int size;
    private int seeds;
    private int partials;
    private @Nullable SlotIndex byEndpoint;
    private @Nullable SlotIndex byKey;

    /// @param entryBytes 6 or 18
    /// @param salt secret of the process
    /// @param withIds keep peer ids for the list form, 20 bytes a row
    PeerArray(int entryBytes, long salt, boolean withIds) {
        this.entryBytes = entryBytes;
        this.salt = salt;
        this.withIds = withIds;
    }

    int entryBytes() {
        return entryBytes;
    }

    int size() {
        return size;
    }

    int seeds() {
        return seeds;
    }

    int partials() {
        return partials;
    }

    int flags(int row) {
        return flags[row];
    }

    int expiry(int row) {
        return expiries[row];
    }

    int key(int row) {
        return keys[row];
    }

    int port(int row) {
        return Endpoints.portAt(endpoints, row * entryBytes, entryBytes);
    }

    byte[] endpoint(int row) {
        return Arrays.copyOfRange(endpoints, row * entryBytes, (row + 1) * entryBytes);
    }

    void copyEndpoint(int row, byte[] target, int offset) {
        System.arraycopy(endpoints, row * entryBytes, target, offset, entryBytes);
    }

    @Nullable PeerId id(int row) {
        return withIds ? PeerId.of(Arrays.copyOfRange(ids, row * 20, row * 20 + 20)) : null;
    }

    /// The row of `endpoint`, or -1.
    int find(byte[] endpoint) {
        if (byEndpoint == null) {
            for (int row = 0; row < size; row++) {
                if (Endpoints.same(endpoints, row * entryBytes, endpoint, entryBytes)) {
                    return row;
                }
            }
            return -1;
        }
        int at = byEndpoint.begin(endpointHash(endpoint, 0));
        for (int row; (row = byEndpoint.rowAt(at)) >= 0; at = byEndpoint.next(at)) {
            if (Endpoints.same(endpoints, row * entryBytes, endpoint, entryBytes)) {
                return row;
            }
        }
        return -1;
    }

    /// How many rows have the address of `endpoint`, whatever their port. 0 for loopback.
    int portsOf(byte[] endpoint) {
        if (Endpoints.isLoopback(endpoint, 0, entryBytes)) {
            return 0;
        }
        int ipBytes = entryBytes - Short.BYTES;
        int count = 0;
        if (byEndpoint == null) {
            for (int row = 0; row < size; row++) {
                count += Endpoints.same(endpoints, row * entryBytes, endpoint, ipBytes) ? 1 : 0;
            }
            return count;
        }
        int at = byEndpoint.begin(endpointHash(endpoint, 0));
        for (int row; (row = byEndpoint.rowAt(at)) >= 0; at = byEndpoint.next(at)) {
            count += Endpoints.same(endpoints, row * entryBytes, endpoint, ipBytes) ? 1 : 0;
        }
        return count;
    }

    /// The row with `key`, or -1. 0 is nobody's key.
    int findKey(int key) {
        if (key == 0) {
            return -1;
        }
        if (byKey == null) {
            for (int row = 0; row < size; row++) {
                if (keys[row] == key) {
                    return row;
                }
            }
            return -1;
        }
        int at = byKey.begin(key);
        for (int row; (row = byKey.rowAt(at)) >= 0; at = byKey.next(at)) {
            if (keys[row] == key) {
                return row;
            }
        }
        return -1;
    }

    /// Adds a row for an endpoint that has none.
    void add(byte[] endpoint, int rowFlags, int expiry, int key, PeerId id) {
        if (size == flags.length) {
            resize(Math.max(SMALLEST, size + size / 2 + 1));
        }
        int row = size++;
        System.arraycopy(endpoint, 0, endpoints, row * entryBytes, entryBytes);
        write(row, rowFlags, expiry, key, id);
        if (byEndpoint != null && byKey != null) {
            byEndpoint.add(row);
            if (key != 0) {
                byKey.add(row);
            }
        } else if (size > SCANNED) {
            buildIndexes();
        }
    }

    void update(int row, int rowFlags, int expiry, int key, PeerId id) {
        count(row, -1);
        if (byKey != null && keys[row] != 0) {
            byKey.remove(row);
        }
        write(row, rowFlags, expiry, key, id);
        if (byKey != null && key != 0) {
            byKey.add(row);
        }
    }

    /// Removes `row`; the last row takes its number.
    void remove(int row) {
        count(row, -1);
        int last = size - 1;
        if (byEndpoint != null) {
            byEndpoint.remove(row);
        }
        if (byKey != null && keys[row] != 0) {
            byKey.remove(row);
        }
        if (row != last) {
            if (byEndpoint != null) {
                byEndpoint.rename(last, row);
            }
            if (byKey != null && keys[last] != 0) {
                byKey.rename(last, row);
            }
            copyRow(last, row);
        }
        size--;
        if (flags.length > 64 && size < flags.length / 4) {
            resize(flags.length / 2);
        }
    }

    /// Puts the rows in a new order, so that a walk from any place meets other neighbours.
    void shuffle(RandomGenerator random) {
        byte[] spare = new byte[entryBytes];
        for (int row = size - 1; row > 0; row--) {
            swap(row, random.nextInt(row + 1), spare);
        }
        if (byEndpoint != null) {
            buildIndexes();
        }
    }

    private void write(int row, int rowFlags, int expiry, int key, PeerId id) {
        flags[row] = (byte) rowFlags;
        expiries[row] = expiry;
        keys[row] = key;
        if (withIds) {
            System.arraycopy(id.bytes(), 0, ids, row * 20, 20);
        }
        count(row, 1);
    }

    private void count(int row, int sign) {
        seeds += (flags[row] & SEED) != 0 ? sign : 0;
        partials += (flags[row] & PARTIAL) != 0 ? sign : 0;
    }

    private void copyRow(int from, int to) {
        System.arraycopy(endpoints, from * entryBytes, endpoints, to * entryBytes, entryBytes);
        flags[to] = flags[from];
        expiries[to] = expiries[from];
        keys[to] = keys[from];
        if (withIds) {
            System.arraycopy(ids, from * 20, ids, to * 20, 20);
        }
    }

    private void swap(int a, int b, byte[] spare) {
        System.arraycopy(endpoints, a * entryBytes, spare, 0, entryBytes);
        byte flag = flags[a];
        int expiry = expiries[a];
        int key = keys[a];
        byte[] id = withIds ? Arrays.copyOfRange(ids, a * 20, a * 20 + 20) : ids;
        copyRow(b, a);
        System.arraycopy(spare, 0, endpoints, b * entryBytes, entryBytes);
        flags[b] = flag;
        expiries[b] = expiry;
        keys[b] = key;
        if (withIds) {
            System.arraycopy(id, 0, ids, b * 20, 20);
        }
    }

    private void resize(int rows) {
        endpoints = Arrays.copyOf(endpoints, rows * entryBytes);
        flags = Arrays.copyOf(flags, rows);
        expiries = Arrays.copyOf(expiries, rows);
        keys = Arrays.copyOf(keys, rows);
        ids = withIds ? Arrays.copyOf(ids, rows * 20) : ids;
    }

    private void buildIndexes() {
        var endpointIndex = new SlotIndex(row -> endpointHash(endpoints, row * entryBytes));
        var keyIndex = new SlotIndex(row -> keys[row]);
        for (int row = 0; row < size; row++) {
            endpointIndex.add(row);
            if (keys[row] != 0) {
                keyIndex.add(row);
            }
        }
        byEndpoint = endpointIndex;
        byKey = keyIndex;
    }

    private int endpointHash(byte[] table, int offset) {
        boolean spread = Endpoints.isLoopback(table, offset, entryBytes);
        int length = spread ? entryBytes : entryBytes - Short.BYTES;
        return (int) Endpoints.hash(table, offset, length, salt);
    }
}
