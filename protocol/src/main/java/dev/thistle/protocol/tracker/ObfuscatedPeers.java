package dev.thistle.protocol.tracker;

import dev.thistle.protocol.bencode.ByteString;
import org.jspecify.annotations.Nullable;

/// The hidden part of a tracker's answer (BEP 8), already encrypted.
///
/// @param iv not empty: under a key without one, answers could be compared for ever
/// @param window null if the lists are the whole of what was encrypted
/// @param peers 6 bytes an entry
/// @param peers6 18 bytes an entry
@SuppressWarnings("exports") // who calls this needs no annotations
public record ObfuscatedPeers(
        ByteString iv, @Nullable Window window, ByteString peers, ByteString peers6) {

    /// The largest `n`: known clients refuse more.
    public static final int MAX_LENGTH = 100_000;

    /// Which part of a longer list the answer holds.
    ///
    /// @param iWire index of the first entry, masked
    /// @param nWire length of the key stream in peers, masked
    public record Window(int iWire, int nWire) {

        /// Masks both numbers.
        ///
        /// @param i from 0
        /// @param n 1 to [#MAX_LENGTH]. If it is 6 times (with IPv6 peers 18 times) the length of
        ///   the list, clients that count it in bytes decode the same
        public static Window of(int i, int n, AddressCipher cipher) {
            if (i < 0 || n < 1 || n > MAX_LENGTH) {
                throw new IllegalArgumentException(
                        "i %d, n %d, allowed from 0 and 1..%d".formatted(i, n, MAX_LENGTH));
            }
            return new Window(i ^ cipher.indexMask(), n ^ cipher.lengthMask());
        }
    }

    public ObfuscatedPeers {
        if (iv.length() == 0) {
            throw new IllegalArgumentException("iv of 0 bytes, allowed from 1");
        }
    }
}
