package dev.thistle.tracker.swarms;

import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.PeerAddress;
import dev.thistle.protocol.bencode.ByteString;
import dev.thistle.protocol.tracker.AddressCipher;
import dev.thistle.protocol.tracker.AnnounceAnswerWriter.ListedPeer;
import dev.thistle.protocol.tracker.CryptoLevel;
import dev.thistle.protocol.tracker.ObfuscatedPeers;
import dev.thistle.protocol.tracker.ReceivedAnnounce;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Whom an answer names. Never the asker, no seeders to a seeder, nobody who refuses plain
/// connections to a client that cannot encrypt. Who asked under a hidden name, or requires
/// encryption, gets peers that can encrypt before all others.
///
/// Open answers and those of small swarms walk the packed rows from a random place. Answers under a
/// hidden name are made in one of two ways:
///
/// * *a list large enough that a window of it misses the asker wherever that stands* (twice the
///   number wanted, and one) is kept encrypted for an interval, and the answer is a copy out of it:
///   see [SealedList]. It holds only peers that can encrypt; one list a family, and one for
///   seeders.
/// * *a smaller one* is encrypted for the answer alone, with an iv of its own: 776 steps of RC4 and
///   six or eighteen a peer. That is the price of not naming the asker without reordering a shared
///   list, which would write different addresses over the same key stream at every announce and so
///   show them to whoever compares answers.
final class Neighbours {

    /// Rows looked at for one answer, so that a swarm of a million seeders costs a seeder little.
    private static final int MAX_STEPS = 4_096;

    private static final int IV_BYTES = 20;

    /// Who asks for how many.
    @SuppressWarnings("ArrayRecordComponent") // lives for one call, never compared
    record Question(byte[] endpoint, Asker asker, int count, int now) {}

    private static final class Shelf {
        final SealedList list;
        final int renewAt;
        int lastUse;

        Shelf(SealedList list, int renewAt, int now) {
            this.list = list;
            this.renewAt = renewAt;
            this.lastUse = now;
        }
    }

    private static final int SHELVES = 4;

    private final InfoHash infoHash;
    private final int intervalSeconds;
    private final long salt;

    /// By family and by whether a seeder asks; null until a swarm is large and somebody asks.
    private @Nullable Shelf @Nullable [] shelves;

    Neighbours(InfoHash infoHash, int intervalSeconds, long salt) {
        this.infoHash = infoHash;
        this.intervalSeconds = intervalSeconds;
        this.salt = salt;
    }

    Pick pick(
            Question question,
            @Nullable PeerArray own,
            @Nullable PeerArray other,
            ReceivedAnnounce announce,
            RandomGenerator random) {
        if (announce.isObfuscated()) {
            return new Pick.Hidden(hidden(question, own, other, random));
        }
        int[] ownRows = rows(question, own, random);
        int[] otherRows = rows(question, other, random);
        int ownCount = share(question.count, ownRows.length, otherRows.length);
        int otherCount = Math.min(otherRows.length, question.count - ownCount);
        boolean four = question.endpoint.length == PeerAddress.V4_BYTES;
        if (!announce.wishes().compact()) {
            var listed = new ArrayList<ListedPeer>();
            boolean withIds = !announce.wishes().noPeerId();
            list(own, ownRows, ownCount, withIds, listed);
            list(other, otherRows, otherCount, withIds, listed);
            return new Pick.Listed(listed);
        }
        byte[] ownBytes = pack(own, ownRows, ownCount);
        byte[] otherBytes = pack(other, otherRows, otherCount);
        byte[] flags =
                four
                        ? cryptoFlags(own, ownRows, ownCount)
                        : cryptoFlags(other, otherRows, otherCount);
        return new Pick.Compact(
                ByteString.of(four ? ownBytes : otherBytes),
                ByteString.of(four ? otherBytes : ownBytes),
                ByteString.of(flags));
    }

    /// A peer came or changed.
    ///
    /// @param flags of `PeerArray`
    void changed(byte[] endpoint, int flags) {
        if (shelves == null) {
            return;
        }
        for (int k = 0; k < SHELVES; k++) {
            Shelf shelf = shelves[k];
            if (shelf != null && entryBytes(k) == endpoint.length) {
                if (belongs(endpoint, flags, isForSeeds(k))) {
                    shelf.list.join(endpoint);
                } else {
                    shelf.list.leave(endpoint);
                }
            }
        }
    }

    void left(byte[] endpoint) {
        if (shelves != null) {
            for (Shelf shelf : shelves) {
                if (shelf != null) {
                    shelf.list.leave(endpoint);
                }
            }
        }
    }

    void forgetIdle(int now) {
        if (shelves != null) {
            for (int k = 0; k < SHELVES; k++) {
                Shelf shelf = shelves[k];
                if (shelf != null && shelf.lastUse + intervalSeconds <= now) {
                    shelves[k] = null;
                }
            }
        }
    }

    private ObfuscatedPeers hidden(
            Question question,
            @Nullable PeerArray own,
            @Nullable PeerArray other,
            RandomGenerator random) {
        int count = question.count;
        if (count > 0 && own != null && own.size() > 2 * count) {
            SealedList list = sealed(own, question, random);
            if (list.isRoomy(count)) {
                return list.window(count, question.endpoint, random);
            }
        }
        int[] ownRows = rows(question, own, random);
        int[] otherRows = rows(question, other, random);
        int ownCount = share(count, ownRows.length, otherRows.length);
        byte[] ownBytes = pack(own, ownRows, ownCount);
        byte[] otherBytes = pack(other, otherRows, Math.min(otherRows.length, count - ownCount));
        ByteString iv = iv(random);
        if (ownBytes.length + otherBytes.length > 0) {
            var cipher = AddressCipher.withIv(infoHash, iv);
            cipher.apply(ownBytes, 0, ownBytes.length, 0);
            cipher.apply(otherBytes, 0, otherBytes.length, 0);
        }
        boolean four = question.endpoint.length == PeerAddress.V4_BYTES;
        return new ObfuscatedPeers(
                iv,
                null,
                ByteString.of(four ? ownBytes : otherBytes),
                ByteString.of(four ? otherBytes : ownBytes));
    }

    /// The list of this interval, made when the last one is over.
    private SealedList sealed(PeerArray array, Question question, RandomGenerator random) {
        if (shelves == null) {
            shelves = new Shelf[SHELVES];
        }
        boolean forSeeds = question.asker.isSeed();
        int k = (array.entryBytes() == PeerAddress.V4_BYTES ? 0 : 2) + (forSeeds ? 1 : 0);
        Shelf shelf = shelves[k];
        if (shelf == null || shelf.renewAt <= question.now) {
            SealedList list = seal(array, forSeeds, question.now, random);
            shelf = new Shelf(list, question.now + intervalSeconds, question.now);
            shelves[k] = shelf;
        }
        shelf.lastUse = question.now;
        return shelf.list;
    }

    /// All that belong, in random order; of too many, a random sample.
    private SealedList seal(PeerArray array, boolean forSeeds, int now, RandomGenerator random) {
        int[] order = new int[array.size()];
        for (int row = 0; row < order.length; row++) {
            int place = random.nextInt(row + 1);
            order[row] = order[place];
            order[place] = row;
        }
        var list = new SealedList(infoHash, array.entryBytes(), iv(random), salt);
        int limit = SealedList.maxEntries(array.entryBytes());
        for (int k = 0; k < order.length && list.size() < limit; k++) {
            int row = order[k];
            if (array.expiry(row) > now) {
                byte[] endpoint = array.endpoint(row);
                if (belongs(endpoint, array.flags(row), forSeeds)) {
                    list.join(endpoint);
                }
            }
        }
        return list;
    }

    private static boolean belongs(byte[] endpoint, int flags, boolean forSeeds) {
        return (flags & PeerArray.CRYPTO) != 0
                && !(forSeeds && (flags & PeerArray.SEED) != 0)
                && Endpoints.portAt(endpoint, 0, endpoint.length) != 0;
    }

    private static int entryBytes(int shelf) {
        return shelf < 2 ? PeerAddress.V4_BYTES : PeerAddress.V6_BYTES;
    }

    private static boolean isForSeeds(int shelf) {
        return shelf % 2 == 1;
    }

    /// Up to `count` rows for this asker, those that can encrypt first where that matters.
    private static int[] rows(
            Question question, @Nullable PeerArray array, RandomGenerator random) {
        int count = question.count;
        boolean toSeed = question.asker.isSeed();
        if (array == null
                || array.size() == 0
                || count == 0
                || (toSeed && array.seeds() == array.size())) {
            return new int[0];
        }
        boolean prefer = question.asker.crypto() == CryptoLevel.REQUIRED || question.asker.hidden();
        int own =
                array.entryBytes() == question.endpoint.length ? array.find(question.endpoint) : -1;
        int[] first = new int[Math.min(count, array.size())];
        int[] second = new int[first.length];
        int firsts = 0;
        int seconds = 0;
        int row = random.nextInt(array.size());
        int steps = Math.min(array.size(), MAX_STEPS);
        for (int k = 0; k < steps && firsts < first.length; k++) {
            if (row != own && isFor(question, array, row)) {
                if (!prefer || (array.flags(row) & PeerArray.CRYPTO) != 0) {
                    first[firsts++] = row;
                } else if (seconds < second.length) {
                    second[seconds++] = row;
                }
            }
            row = row + 1 == array.size() ? 0 : row + 1;
        }
        int total = Math.min(first.length, firsts + seconds);
        System.arraycopy(second, 0, first, firsts, total - firsts);
        return Arrays.copyOf(first, total);
    }

    private static boolean isFor(Question question, PeerArray array, int row) {
        int flags = array.flags(row);
        Asker asker = question.asker;
        boolean isSelf = asker.key() != 0 && asker.key() == array.key(row);
        return !isSelf
                && array.expiry(row) > question.now
                && array.port(row) != 0
                && !(asker.isSeed() && (flags & PeerArray.SEED) != 0)
                && !((flags & PeerArray.REQUIRE) != 0 && asker.crypto() == CryptoLevel.NONE);
    }

    /// How many of the asker's own family: all there is room for, but a quarter goes to the other
    /// family if that has so many.
    private static int share(int count, int own, int other) {
        return Math.min(own, Math.max(count - other, count - count / 4));
    }

    private static byte[] pack(@Nullable PeerArray array, int[] rows, int count) {
        if (array == null) {
            return new byte[0];
        }
        byte[] packed = new byte[count * array.entryBytes()];
        for (int k = 0; k < count; k++) {
            array.copyEndpoint(rows[k], packed, k * array.entryBytes());
        }
        return packed;
    }

    private static byte[] cryptoFlags(@Nullable PeerArray array, int[] rows, int count) {
        byte[] flags = new byte[array == null ? 0 : count];
        for (int k = 0; array != null && k < count; k++) {
            flags[k] = (byte) ((array.flags(rows[k]) & PeerArray.REQUIRE) != 0 ? 1 : 0);
        }
        return flags;
    }

    private static void list(
            @Nullable PeerArray array,
            int[] rows,
            int count,
            boolean withIds,
            List<ListedPeer> target) {
        for (int k = 0; array != null && k < count; k++) {
            var address =
                    PeerAddress.read(ByteBuffer.wrap(array.endpoint(rows[k])), array.entryBytes());
            target.add(new ListedPeer(address, withIds ? array.id(rows[k]) : null));
        }
    }

    private static ByteString iv(RandomGenerator random) {
        byte[] iv = new byte[IV_BYTES];
        random.nextBytes(iv);
        return ByteString.of(iv);
    }
}
