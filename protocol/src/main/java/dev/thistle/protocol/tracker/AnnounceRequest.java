package dev.thistle.protocol.tracker;

import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.PeerId;
import org.jspecify.annotations.Nullable;

/// What a client tells a tracker about itself, whichever form carries it.
///
/// @param port where we accept peers; 0 if we cannot
/// @param uploaded bytes since the start
/// @param downloaded bytes since the start
/// @param left bytes missing; any positive number while the metadata is missing
/// @param numWant peers wanted; -1 leaves it to the tracker
/// @param key random, the same in all announces of a session: proves us after an address change
/// @param trackerId what the tracker gave us to repeat, one char a byte; null if it gave none
@SuppressWarnings("exports") // who calls this needs no annotations
public record AnnounceRequest(
        InfoHash infoHash,
        PeerId peerId,
        int port,
        long uploaded,
        long downloaded,
        long left,
        AnnounceEvent event,
        int numWant,
        int key,
        CryptoLevel crypto,
        @Nullable String trackerId) {

    public AnnounceRequest {
        if (port < 0 || port > 0xFFFF) {
            throw new IllegalArgumentException("port %d, allowed 0..65535".formatted(port));
        }
        if (uploaded < 0 || downloaded < 0 || left < 0) {
            throw new IllegalArgumentException(
                    "uploaded %d, downloaded %d, left %d, allowed from 0"
                            .formatted(uploaded, downloaded, left));
        }
        if (numWant < -1) {
            throw new IllegalArgumentException("numWant %d, allowed from -1".formatted(numWant));
        }
    }

    /// Says nothing of the torrent or of us: log lines must not either.
    @Override
    public String toString() {
        return "AnnounceRequest[%s, left=%d]".formatted(event, left);
    }
}
