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
        if (hasAll(announce)) {
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

    /// aria2 1.36 says that nothing is left while it has only a magnet link and knows of no length:
    /// taken for a seeder it would meet none. One that has downloaded nothing counts as a leecher.
    private static boolean hasAll(ReceivedAnnounce announce) {
        byte[] id = announce.peerId().bytes();
        boolean isAria2 = id[0] == 'A' && id[1] == '2' && id[2] == '-';
        return announce.progress().left() == 0
                && !(isAria2 && announce.progress().downloaded() == 0);
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
