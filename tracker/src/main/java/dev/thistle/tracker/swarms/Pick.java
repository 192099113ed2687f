package dev.thistle.tracker.swarms;

import dev.thistle.protocol.bencode.ByteString;
import dev.thistle.protocol.tracker.AnnounceAnswerWriter.ListedPeer;
import dev.thistle.protocol.tracker.ObfuscatedPeers;
import java.util.List;

/// The peers chosen for one answer, in the form that was asked for.
public sealed interface Pick {

    /// Packed addresses.
    ///
    /// @param cryptoFlags a byte for each of `peers`: 1 if it refuses plain connections
    record Compact(ByteString peers, ByteString peers6, ByteString cryptoFlags) implements Pick {}

    /// One by one, with peer ids where they are known.
    record Listed(List<ListedPeer> peers) implements Pick {}

    /// Encrypted (BEP 8).
    record Hidden(ObfuscatedPeers peers) implements Pick {}
}
