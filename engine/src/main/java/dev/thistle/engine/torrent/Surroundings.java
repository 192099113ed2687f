package dev.thistle.engine.torrent;

import dev.thistle.engine.discovery.ExternalAddress;
import dev.thistle.engine.event.SessionEvent;
import dev.thistle.engine.limits.Allowance;
import dev.thistle.engine.peers.BanList;
import dev.thistle.engine.peers.BufferPool;
import dev.thistle.engine.peers.Greeter;
import dev.thistle.engine.peers.PeerRanking;
import dev.thistle.engine.settings.EncryptionPolicy;
import dev.thistle.net.Network;
import dev.thistle.net.http.HttpCaller;
import dev.thistle.protocol.PeerId;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/// What the session gives every torrent.
///
/// @param listenPort where we accept callers; 0 if we do not
/// @param userAgent name and version, for `v` of the extended handshake
/// @param allowance what all torrents share
/// @param bans of all torrents
/// @param pulse wakes torrents when something is due
/// @param clock monotonic nanoseconds
/// @param events hears what happens to the torrent, on its thread; must not block
/// @param http for web seeds
/// @param external hears how peers see us, and knows our address
public record Surroundings(
        PeerId ourId,
        int listenPort,
        String userAgent,
        EncryptionPolicy outgoing,
        EncryptionPolicy incoming,
        Network network,
        Greeter greeter,
        BufferPool buffers,
        Allowance allowance,
        BanList bans,
        Pulse pulse,
        LongSupplier clock,
        RandomGenerator random,
        Consumer<SessionEvent> events,
        HttpCaller http,
        ExternalAddress external) {

    /// How much which peer should be wanted, as far as our address is known (BEP 40).
    PeerRanking ranking() {
        return PeerRanking.of(external.ipv4(), external.ipv6(), listenPort);
    }
}
