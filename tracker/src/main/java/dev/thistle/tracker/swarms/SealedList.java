package dev.thistle.tracker.swarms;

import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.bencode.ByteString;
import dev.thistle.protocol.tracker.AddressCipher;
import dev.thistle.protocol.tracker.ObfuscatedPeers;
import dev.thistle.protocol.tracker.ObfuscatedPeers.Window;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/// The peers of a large swarm, one family, kept encrypted for the answers of one interval (BEP 8):
/// an answer is a copy of a window of it.
///
///     plain entry e (L bytes)  XOR  R[L·e .. L·e + L)  =  cipher entry e
///
/// A peer that joins is appended and encrypted alone. When one leaves, the last entry moves into
/// its place and is encrypted again. After an interval the owner makes a new list with a new iv and
/// a new order, which bounds how much text ever shares key stream.
///
/// `n` is told as L times the length of the list. Then windows never reach the place where the key
/// stream starts again, neither for clients that count `n` in peers nor for those that count it in
/// bytes, and both decode the same. This needs L times the length to stay within
/// [ObfuscatedPeers#MAX_LENGTH]: a larger swarm shows a new sample of itself each interval.
///
/// Not thread-safe: guarded by the lock of the torrent's shard.
final class SealedList {

    private final int entryBytes;
    private final long salt;
    private final ByteString iv;
    private final AddressCipher cipher;
    private final SlotIndex index;
    private byte[] sealed = new byte[0];
    private int size;

    /// @param entryBytes 6 or 18
    SealedList(InfoHash infoHash, int entryBytes, ByteString iv, long salt) {
        this.entryBytes = entryBytes;
        this.salt = salt;
        this.iv = iv;
        this.cipher = AddressCipher.withIv(infoHash, iv);
        this.index = new SlotIndex(entry -> (int) hash(plain(entry)));
    }

    /// The most entries for which both readings of `n` agree.
    static int maxEntries(int entryBytes) {
        return ObfuscatedPeers.MAX_LENGTH / entryBytes;
    }

    int size() {
        return size;
    }

    /// Appends `endpoint`, unless it is there or the list is full.
    void join(byte[] endpoint) {
        if (size == maxEntries(entryBytes) || find(endpoint) >= 0) {
            return;
        }
        if ((size + 1) * entryBytes > sealed.length) {
            sealed = Arrays.copyOf(sealed, (size + size / 2 + 16) * entryBytes);
        }
        seal(endpoint, size);
        index.add(size);
        size++;
    }

    /// Removes `endpoint`, if it is there.
    void leave(byte[] endpoint) {
        int entry = find(endpoint);
        if (entry < 0) {
            return;
        }
        int last = size - 1;
        index.remove(entry);
        if (entry != last) {
            index.rename(last, entry);
            seal(plain(last), entry);
        }
        size--;
    }

    /// Is there a window of `count` entries without any one peer, wherever that stands?
    boolean isRoomy(int count) {
        return size >= 2 * count + 1;
    }

    /// `count` neighbours, of all such runs with equal chance, none of them `asker`.
    ///
    /// @param count so that the list [#isRoomy] for it
    ObfuscatedPeers window(int count, byte[] asker, RandomGenerator random) {
        int self = find(asker);
        int before = self < 0 ? size - count + 1 : Math.max(0, self - count + 1);
        int after = self < 0 ? 0 : Math.max(0, size - count - self);
        int choice = random.nextInt(before + after);
        int i = choice < before ? choice : self + 1 + choice - before;
        byte[] copy = Arrays.copyOfRange(sealed, i * entryBytes, (i + count) * entryBytes);
        var window = Window.of(i, size * entryBytes, cipher);
        var none = ByteString.of(new byte[0]);
        var peers = ByteString.of(copy);
        return entryBytes == 6
                ? new ObfuscatedPeers(iv, window, peers, none)
                : new ObfuscatedPeers(iv, window, none, peers);
    }

    /// Entry `entry`, decrypted.
    byte[] plain(int entry) {
        int offset = entry * entryBytes;
        byte[] plain = Arrays.copyOfRange(sealed, offset, offset + entryBytes);
        cipher.apply(plain, 0, entryBytes, offset);
        return plain;
    }

    private void seal(byte[] endpoint, int entry) {
        System.arraycopy(endpoint, 0, sealed, entry * entryBytes, entryBytes);
        cipher.apply(sealed, entry * entryBytes, entryBytes, entry * entryBytes);
    }

    private int find(byte[] endpoint) {
        if (endpoint.length != entryBytes) {
            return -1;
        }
        int at = index.begin((int) hash(endpoint));
        for (int entry; (entry = index.rowAt(at)) >= 0; at = index.next(at)) {
            if (Arrays.equals(plain(entry), endpoint)) {
                return entry;
            }
        }
        return -1;
    }

    private long hash(byte[] endpoint) {
        return Endpoints.hash(endpoint, 0, entryBytes, salt);
    }
}
