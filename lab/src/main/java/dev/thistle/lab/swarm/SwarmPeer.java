package dev.thistle.lab.swarm;

import dev.thistle.engine.Session;
import dev.thistle.engine.Torrent;
import dev.thistle.engine.settings.EncryptionPolicy;
import dev.thistle.engine.settings.SessionSettings;
import dev.thistle.engine.settings.TorrentSettings;
import dev.thistle.engine.snapshot.TorrentSnapshot;
import dev.thistle.engine.storage.PieceStore;
import dev.thistle.lab.scenario.ClientPlan;
import dev.thistle.net.Network;
import dev.thistle.net.http.HttpCaller;
import dev.thistle.protocol.mse.PadPolicy;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.Random;

/// One engine on one host, with one torrent.
public final class SwarmPeer implements Closeable {

    /// What a host lends to an engine.
    ///
    /// @param host its name
    /// @param listen where the engine accepts callers
    /// @param http for the tracker
    public record Place(String host, InetSocketAddress listen, Network network, HttpCaller http) {}

    private final boolean isSeeder;
    private final Session session;
    private final Torrent torrent;

    private SwarmPeer(boolean isSeeder, Session session, Torrent torrent) {
        this.isSeeder = isSeeder;
        this.session = session;
        this.torrent = torrent;
    }

    /// Opens the session and begins to seed or to download.
    ///
    /// @param seed of its keys, pads and choices
    /// @throws IOException if the host's port cannot be had
    public static SwarmPeer start(
            Place place, Content content, boolean isSeeder, ClientPlan plan, long seed)
            throws IOException {
        var policy = new EncryptionPolicy(plan.encryption(), plan.cipher());
        var settings =
                new SessionSettings(
                        Optional.of(place.listen),
                        policy,
                        policy,
                        pads(plan.padA()),
                        SessionSettings.USER_AGENT);
        Session session = Session.open(settings, place.network, place.http, new Random(seed));
        PieceStore store = isSeeder ? content.whole() : content.empty();
        Torrent torrent = session.add(content.metainfo(), store, TorrentSettings.DEFAULT);
        return new SwarmPeer(isSeeder, session, torrent);
    }

    private static PadPolicy pads(ClientPlan.PadA shape) {
        return switch (shape) {
            case RANDOM -> PadPolicy.RANDOM;
            case PRINTABLE21 -> PadPolicy.PRINTABLE21;
            case ZEROS32 -> PadPolicy.ZEROS32;
        };
    }

    public boolean isSeeder() {
        return isSeeder;
    }

    /// How its torrent looked a fraction of a second ago.
    public TorrentSnapshot look() {
        return torrent.snapshot();
    }

    /// Says goodbye to peers and tracker.
    @Override
    public void close() {
        session.close();
    }
}
