package dev.thistle.protocol.tracker;

import static dev.thistle.protocol.MalformedException.Rule.BAD_VALUE;
import static dev.thistle.protocol.MalformedException.Rule.TOO_LARGE;

import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.PeerAddress;
import dev.thistle.protocol.bencode.BencodeValue.Dict;
import dev.thistle.protocol.bencode.ByteString;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Shows the peers of an answer to an obfuscated announce (BEP 8), and finds out whether they were
/// hidden at all, and how: implementations differ, and nothing in the answer tells.
///
/// Read as it is meant, an honest list has no entry that is absurd as a peer's address. Read with
/// the wrong key, or with none though hidden, about every eighth IPv4 entry and seven of eight IPv6
/// entries are absurd. So one absurd entry more speaks about 30 to 1 against a reading, and three
/// settle the matter; in short lists, more than a quarter of the entries does. The readings, tried
/// only when the one before looks wrong:
///
/// 1. `n` counts peers: entry `e` of a list with entries of L bytes uses R from `L·e` on, and R
///    starts again after `L·n` bytes
/// 2. `n` counts bytes: R starts again after `n` bytes
/// 3. both, with an empty `iv` hashed into the key instead of ignored
/// 4. the lists were not hidden
final class HiddenPeerLists {

    private static final int DECISIVE_ENTRIES = 3;

    private record Window(long i, long n) {}

    private enum Unit {
        PEERS,
        BYTES
    }

    private record Reading(List<PeerAddress> v4, List<PeerAddress> v6, int absurd) {

        boolean isAbsurd() {
            return absurd * 4 > v4.size() + v6.size();
        }

        boolean clearlyBeats(Reading other) {
            return (other.isAbsurd() && !isAbsurd()) || other.absurd - absurd >= DECISIVE_ENTRIES;
        }

        boolean isDoubtful() {
            return isAbsurd() || absurd >= DECISIVE_ENTRIES;
        }
    }

    private HiddenPeerLists() {}

    static AnnounceAnswerReader.Lists read(
            Dict dict, byte[] peers, byte[] peers6, AnnounceRequest request, Reach reach)
            throws MalformedException {
        ByteString iv = iv(dict);
        InfoHash infoHash = request.infoHash();
        var ciphers = new ArrayList<AddressCipher>();
        if (iv.length() == 0) {
            ciphers.add(AddressCipher.withoutIv(infoHash));
        }
        if (dict.has("iv")) {
            ciphers.add(AddressCipher.withIv(infoHash, iv));
        }
        Reading best = null;
        for (AddressCipher cipher : ciphers) {
            Window window;
            try {
                window = window(dict, cipher);
            } catch (MalformedException impossible) {
                if (best == null && cipher == ciphers.getLast()) {
                    throw impossible;
                }
                continue; // n says that this is the wrong key
            }
            for (Unit unit : Unit.values()) {
                boolean isNews = unit == Unit.PEERS || window != null;
                if (best == null || (best.isDoubtful() && isNews)) {
                    Reading next =
                            reading(
                                    show(peers, PeerAddress.V4_BYTES, cipher, window, unit),
                                    show(peers6, PeerAddress.V6_BYTES, cipher, window, unit),
                                    reach);
                    best = best == null || next.clearlyBeats(best) ? next : best;
                }
            }
        }
        Reading clear = reading(peers, peers6, reach);
        if (best == null || clear.clearlyBeats(best)) {
            return new AnnounceAnswerReader.Lists(clear.v4(), clear.v6(), false);
        }
        return new AnnounceAnswerReader.Lists(best.v4(), best.v6(), true);
    }

    private static ByteString iv(Dict dict) throws MalformedException {
        if (dict.has("iv") && AnswerBody.text(dict, "iv").isEmpty()) {
            throw new MalformedException(BAD_VALUE, "answer.iv", "not a byte string");
        }
        return AnswerBody.text(dict, "iv").orElse(ByteString.of(new byte[0]));
    }

    private static @Nullable Window window(Dict dict, AddressCipher cipher)
            throws MalformedException {
        if (!dict.has("i") && !dict.has("n")) {
            return null;
        }
        if (!dict.has("i") || !dict.has("n")) {
            throw new MalformedException(
                    BAD_VALUE,
                    dict.has("i") ? "answer.n" : "answer.i",
                    "missing, required beside the other one of i and n");
        }
        long i = unsigned(dict, "i") ^ Integer.toUnsignedLong(cipher.indexMask());
        long n = unsigned(dict, "n") ^ Integer.toUnsignedLong(cipher.lengthMask());
        if (n < 1 || n > ObfuscatedPeers.MAX_LENGTH) {
            throw new MalformedException(
                    TOO_LARGE,
                    "answer.n",
                    "%d after decoding, allowed 1..%d".formatted(n, ObfuscatedPeers.MAX_LENGTH));
        }
        return new Window(i, n);
    }

    /// Negative numbers are what a tracker with signed 32-bit arithmetic writes.
    private static long unsigned(Dict dict, String key) throws MalformedException {
        long value = AnswerBody.number(dict, key).orElse(Long.MIN_VALUE);
        if (value < Integer.MIN_VALUE || value > 0xFFFF_FFFFL) {
            throw new MalformedException(BAD_VALUE, "answer." + key, "no number of 32 bits");
        }
        return value & 0xFFFF_FFFFL;
    }

    private static byte[] show(
            byte[] hidden,
            int entryBytes,
            AddressCipher cipher,
            @Nullable Window window,
            Unit unit) {
        int length = Math.min(hidden.length / entryBytes, AnnounceAnswerReader.MAX_PEERS);
        byte[] shown = Arrays.copyOf(hidden, length * entryBytes);
        if (window == null) {
            cipher.apply(shown, 0, shown.length, 0);
            return shown;
        }
        switch (unit) {
            case PEERS -> {
                long start = (window.i() % window.n()) * entryBytes;
                cipher.applyWrapped(shown, start, window.n() * entryBytes);
            }
            case BYTES -> {
                long start = (window.i() * entryBytes) % window.n();
                cipher.applyWrapped(shown, start, window.n());
            }
        }
        return shown;
    }

    private static Reading reading(byte[] peers, byte[] peers6, Reach reach) {
        List<PeerAddress> v4 = AnnounceAnswerReader.entries(peers, PeerAddress.V4_BYTES);
        List<PeerAddress> v6 = AnnounceAnswerReader.entries(peers6, PeerAddress.V6_BYTES);
        var seen = new HashSet<PeerAddress>();
        int absurd = 0;
        for (List<PeerAddress> list : List.of(v4, v6)) {
            for (PeerAddress peer : list) {
                if (!seen.add(peer) || !isPlausible(peer, reach)) {
                    absurd++;
                }
            }
        }
        return new Reading(v4, v6, absurd);
    }

    private static boolean isPlausible(PeerAddress peer, Reach reach) {
        if (!peer.isDialable()) {
            return false;
        }
        int first = peer.ip()[0] & 0xFF;
        return switch (reach) {
            case INTERNET -> peer.isV4() ? first != 127 : (first & 0xE0) == 0x20;
            // ::1, fc00::/7 and fe80::/10 live in laboratories too
            case LAB -> peer.isV4() || first == 0 || first >= 0xFC || (first & 0xE0) == 0x20;
        };
    }
}
