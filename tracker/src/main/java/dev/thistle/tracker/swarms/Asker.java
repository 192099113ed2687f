package dev.thistle.tracker.swarms;

import dev.thistle.protocol.PeerId;
import dev.thistle.protocol.tracker.AnnounceEvent;
import dev.thistle.protocol.tracker.CryptoLevel;
import dev.thistle.protocol.tracker.ReceivedAnnounce;
import java.util.Arrays;

/// Who announces, as the swarm tables need it.
///
/// @param flags the columns of `PeerArray`
/// @param key hash of peer id and key; 0 without a key
/// @param hidden did it ask under a hidden name?
record Asker(
        PeerId id, int flags, int key, AnnounceEvent event, CryptoLevel crypto, boolean hidden) {

    static Asker of(ReceivedAnnounce announce, long salt) {
        int flags = 0;
        if (announce.progress().left() == 0) {
            flags |= PeerArray.SEED;
        } else if (announce.event() == AnnounceEvent.PAUSED) {
            flags |= PeerArray.PARTIAL;
        }
        flags |=
                switch (announce.crypto()) {
                    case NONE -> 0;
                    case SUPPORTED -> PeerArray.CRYPTO;
                    case REQUIRED -> PeerArray.CRYPTO | PeerArray.REQUIRE;
                };
        return new Asker(
                announce.peerId(),
                flags,
                keyOf(announce, salt),
                announce.event(),
                announce.crypto(),
                announce.isObfuscated());
    }

    boolean isSeed() {
        return (flags & PeerArray.SEED) != 0;
    }

    /// Seeders are of no use to a seeder. But aria2 1.36 says that nothing is left while it has
    /// only a magnet link and knows of no length, and would never find anybody to tell it.
    boolean wantsNoSeeders() {
        return isSeed() && !isAria2();
    }

    private boolean isAria2() {
        byte[] bytes = id.bytes();
        return bytes[0] == 'A' && bytes[1] == '2' && bytes[2] == '-';
    }

    private static int keyOf(ReceivedAnnounce announce, long salt) {
        var key = announce.contact().key();
        if (key == null) {
            return 0;
        }
        byte[] id = announce.peerId().bytes();
        byte[] both = Arrays.copyOf(id, id.length + key.length());
        key.asBuffer().get(both, id.length, key.length());
        int hash = (int) Endpoints.hash(both, 0, both.length, salt);
        return hash == 0 ? 1 : hash;
    }
}
