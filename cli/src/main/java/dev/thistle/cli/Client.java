package dev.thistle.cli;

import dev.thistle.engine.Session;
import dev.thistle.engine.Torrent;
import dev.thistle.engine.settings.EncryptionPolicy;
import dev.thistle.engine.settings.RateLimits;
import dev.thistle.engine.settings.SessionLimits;
import dev.thistle.engine.settings.SessionSettings;
import dev.thistle.engine.settings.TorrentSettings;
import dev.thistle.engine.storage.PieceStore;
import dev.thistle.engine.storage.PieceStores;
import dev.thistle.net.TcpNetwork;
import dev.thistle.protocol.metainfo.Magnet;
import dev.thistle.protocol.metainfo.Metainfo;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;

/// A session on the real network with everything it needs.
final class Client implements Closeable {

    private final TcpNetwork network;
    private final Session session;

    private Client(TcpNetwork network, Session session) {
        this.network = network;
        this.session = session;
    }

    /// @param port where to listen; 0 for any free one
    /// @param rates for every peer, at home and elsewhere
    static Client open(EncryptionPolicy policy, int port, RateLimits rates) throws IOException {
        var network = new TcpNetwork();
        try {
            var settings =
                    SessionSettings.of(new InetSocketAddress(port), policy)
                            .withLimits(SessionLimits.DEFAULT.withRates(rates, true));
            return new Client(network, Session.open(settings, network, new SecureRandom()));
        } catch (IOException failed) {
            network.close();
            throw failed;
        }
    }

    int port() {
        return session.port();
    }

    Torrent add(Metainfo metainfo, PieceStore store, TorrentSettings settings) {
        return session.add(metainfo, store, settings);
    }

    Torrent add(Magnet magnet, PieceStores stores, TorrentSettings settings) {
        return session.add(magnet, stores, settings);
    }

    /// Says goodbye to peers and trackers, which takes some seconds at most.
    @Override
    public void close() {
        session.close();
        network.close();
    }
}
