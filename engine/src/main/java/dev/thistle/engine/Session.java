package dev.thistle.engine;

import dev.thistle.engine.discovery.AddressRule.Family;
import dev.thistle.engine.discovery.AnnounceOrder;
import dev.thistle.engine.discovery.Announcer;
import dev.thistle.engine.discovery.ExternalAddress;
import dev.thistle.engine.discovery.TrackerCalls;
import dev.thistle.engine.event.SessionEvent;
import dev.thistle.engine.limits.Allowance;
import dev.thistle.engine.peers.BanList;
import dev.thistle.engine.peers.BufferPool;
import dev.thistle.engine.peers.Greeted;
import dev.thistle.engine.peers.Greeter;
import dev.thistle.engine.peers.PeerAcceptor;
import dev.thistle.engine.settings.RateLimits;
import dev.thistle.engine.settings.ResumeSettings;
import dev.thistle.engine.settings.SessionSettings;
import dev.thistle.engine.settings.TorrentSettings;
import dev.thistle.engine.snapshot.Ban;
import dev.thistle.engine.snapshot.BufferUse;
import dev.thistle.engine.snapshot.FailedGreetings;
import dev.thistle.engine.storage.FileStore;
import dev.thistle.engine.storage.PieceStore;
import dev.thistle.engine.storage.PieceStores;
import dev.thistle.engine.torrent.Origin;
import dev.thistle.engine.torrent.Pulse;
import dev.thistle.engine.torrent.Register;
import dev.thistle.engine.torrent.Surroundings;
import dev.thistle.engine.torrent.TorrentLoop;
import dev.thistle.net.Listener;
import dev.thistle.net.Network;
import dev.thistle.net.TcpNetwork;
import dev.thistle.net.http.HttpCaller;
import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.PeerId;
import dev.thistle.protocol.metainfo.Magnet;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.peer.Handshake;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A peer on the network: one identity, one listening port, any number of torrents. Thread-safe.
///
///     try (var session = Session.open(SessionSettings.DEFAULT)) {
///         Torrent torrent = session.add(metainfo, Path.of("Downloads"));
///         torrent.completed().join();
///     }
public final class Session implements Closeable {

    /// A client code that nobody else uses, version 0.1.0.
    private static final String PEER_ID_PREFIX = "-XX0100-";

    private static final Logger LOG = System.getLogger(Session.class.getName());

    private final SessionSettings settings;
    private final Network network;
    private final HttpCaller http;
    private final TrackerCalls trackers;
    private final ExternalAddress external = new ExternalAddress();
    private final RandomGenerator random;
    private final LongSupplier clock;
    private final Pulse pulse;
    private final PeerId ourId;
    private final Events events = new Events();
    private final BufferPool buffers;
    private final Allowance allowance;
    private final BanList bans = new BanList(InstantSource.system());
    private final @Nullable PeerAcceptor acceptor;
    private final Register register;
    private final int port;

    /// What this session opened for itself, to be closed after it.
    private final List<AutoCloseable> owned;

    private Session(
            SessionSettings settings,
            Network network,
            HttpCaller http,
            RandomGenerator random,
            LongSupplier clock,
            @Nullable Listener listener,
            List<AutoCloseable> owned) {
        this.settings = settings;
        this.clock = clock;
        pulse = new Pulse(clock);
        this.owned = owned;
        this.network = network;
        this.random = random;
        this.http = http;
        allowance = new Allowance(settings.limits(), clock);
        buffers = new BufferPool(settings.buffers(), clock.getAsLong(), pulse::hurry);
        pulse.add(buffers::tick);
        trackers = new TrackerCalls(network, http, settings.userAgent(), external, random, clock);
        ourId = PeerId.random(PEER_ID_PREFIX, random);
        port = listener == null ? 0 : listener.address().getPort();
        acceptor =
                listener == null
                        ? null
                        : new PeerAcceptor(
                                listener,
                                greeter(settings.greetingPatience()),
                                settings.incoming(),
                                this::answer,
                                this::accept,
                                bans::isBanned,
                                clock);
        register = new Register(acceptor);
    }

    /// As below, with trackers called over `network` and the certificates believed that this Java
    /// believes.
    ///
    /// @throws IOException if the port cannot be had
    public static Session open(SessionSettings settings, Network network, RandomGenerator random)
            throws IOException {
        return open(settings, network, HttpCaller.over(network), random);
    }

    /// Starts a session on the network of this machine, with everything it needs.
    ///
    /// @throws IOException if the port cannot be had
    public static Session open(SessionSettings settings) throws IOException {
        var network = new TcpNetwork();
        try {
            return open(
                    settings,
                    network,
                    HttpCaller.over(network),
                    new SecureRandom(),
                    System::nanoTime,
                    List.of(network));
        } catch (IOException failed) {
            network.close();
            throw failed;
        }
    }

    /// Starts a session on what the caller brings, and closes.
    ///
    /// @param network where peers and UDP trackers are
    /// @param http for trackers and web seeds; says whose certificates are believed
    /// @param random for keys, pads and choices: cryptographically strong outside of tests
    /// @throws IOException if the port cannot be had
    public static Session open(
            SessionSettings settings, Network network, HttpCaller http, RandomGenerator random)
            throws IOException {
        return open(settings, network, http, random, System::nanoTime);
    }

    /// As above, for those who cannot wait for time to pass.
    ///
    /// @param clock monotonic nanoseconds
    static Session open(
            SessionSettings settings,
            Network network,
            HttpCaller http,
            RandomGenerator random,
            LongSupplier clock)
            throws IOException {
        return open(settings, network, http, random, clock, List.of());
    }

    private static Session open(
            SessionSettings settings,
            Network network,
            HttpCaller http,
            RandomGenerator random,
            LongSupplier clock,
            List<AutoCloseable> owned)
            throws IOException {
        Listener listener =
                settings.listen().isPresent() ? network.listen(settings.listen().get()) : null;
        var session = new Session(settings, network, http, random, clock, listener, owned);
        if (session.acceptor != null) {
            session.acceptor.start();
        }
        return session;
    }

    private Greeter greeter(Duration patience) {
        return new Greeter(settings.pads(), random, patience);
    }

    /// The port that callers reach; 0 if there is none.
    public int port() {
        return port;
    }

    public PeerId peerId() {
        return ourId;
    }

    /// Our IPv4 address as most trackers see it; nothing while none has said.
    public Optional<InetAddress> externalIpv4() {
        return external.ipv4();
    }

    /// Our IPv6 address as most trackers see it; nothing while none has said.
    public Optional<InetAddress> externalIpv6() {
        return external.ipv6();
    }

    /// What happens to the torrents from now on, each subscriber in its own time; see [Events].
    public Flow.Publisher<SessionEvent> events() {
        return events;
    }

    /// Calls `listener` with everything that happens from now on, on a thread of its own.
    ///
    /// @return ends it
    public Closeable listen(Consumer<? super SessionEvent> listener) {
        return events.listen(listener);
    }

    /// The torrents that are here now, in no order.
    public List<Torrent> torrents() {
        return register.running().stream().map(loop -> new Torrent(loop.infoHash(), loop)).toList();
    }

    /// The torrent of this name, if it is here. A hybrid has two names.
    public Optional<Torrent> torrent(InfoHash infoHash) {
        return register.find(infoHash).map(loop -> new Torrent(loop.infoHash(), loop));
    }

    /// Downloads into `folder`, or seeds what is there, and remembers there what it has
    /// ([ResumeSettings#beside]).
    ///
    /// @throws IOException naming the path that leads out of the folder
    public Torrent add(Metainfo metainfo, Path folder) throws IOException {
        Files.createDirectories(folder);
        return add(
                metainfo,
                FileStore.open(folder, metainfo, true),
                TorrentSettings.DEFAULT.withResume(
                        ResumeSettings.beside(folder, metainfo.infoHash())));
    }

    /// The memory that peers of all torrents have for their bytes at this moment.
    public BufferUse bufferUse() {
        return buffers.use();
    }

    /// What became of callers that were not greeted, counted since the session began. Those that
    /// were are their torrent's ([dev.thistle.engine.snapshot.TorrentSnapshot#encounters]).
    public FailedGreetings failedCallers() {
        return acceptor == null ? FailedGreetings.NONE : acceptor.failures();
    }

    /// The addresses that no torrent talks to: those that were banned here, and those that were
    /// caught at sending bad data.
    public List<Ban> bans() {
        return bans.all();
    }

    /// Hangs up on an address, in all torrents and within a moment, and does not talk to it.
    ///
    /// @param reason for people, and for [#bans]
    /// @param length empty for as long as the session lives
    public void ban(InetAddress address, String reason, Optional<Duration> length) {
        bans.ban(address, reason, length);
    }

    /// Lets an address call us again. Torrents that met the ban do not call it by themselves.
    ///
    /// @return whether it was banned
    public boolean unban(InetAddress address) {
        return bans.unban(address);
    }

    /// Changes how fast all torrents together may be, while they run.
    public void rates(RateLimits rates) {
        allowance.rates(rates);
    }

    /// Adds a torrent and starts it: what `store` holds is checked first, then the torrent
    /// downloads what is missing and seeds what is there. The store is closed when the torrent
    /// ends.
    ///
    /// @throws IllegalArgumentException if the torrent is there already
    /// @throws IllegalStateException if the session is closed
    public Torrent add(Metainfo metainfo, PieceStore store, TorrentSettings torrentSettings) {
        var order =
                new AnnounceOrder(
                        metainfo.announceList(), metainfo.obfuscateAnnounceList(), random);
        List<InfoHash> swarms = metainfo.infoHashes().all();
        var manner = manner(swarms, metainfo.isPrivate(), torrentSettings);
        return start(new Origin.Whole(metainfo, store), order, manner, torrentSettings);
    }

    /// Adds a torrent of which only a magnet link is known, and starts it: peers that the link and
    /// its trackers name are asked for the metainfo (BEP 9), then it goes on as if that had been
    /// given, with the store that `stores` makes for it. If the settings want everything, but the
    /// link chooses files (BEP 53), those are wanted. Names of peers in the link are looked up in
    /// the background.
    ///
    /// @throws IllegalArgumentException if the torrent is there already
    /// @throws IllegalStateException if the session is closed
    public Torrent add(Magnet magnet, PieceStores stores, TorrentSettings torrentSettings) {
        var tiers = magnet.trackers().stream().map(List::of).toList();
        Torrent torrent =
                start(
                        new Origin.Link(magnet, stores),
                        new AnnounceOrder(tiers, List.of(), random),
                        manner(magnet.infoHashes().all(), false, torrentSettings),
                        torrentSettings);
        LinkPeers.lookUp(magnet, torrent::addPeers);
        return torrent;
    }

    /// Downloads what a link names into `folder`, and remembers there what it has
    /// ([ResumeSettings#beside]).
    ///
    /// @throws IOException if the folder cannot be made
    public Torrent add(Magnet magnet, Path folder) throws IOException {
        Files.createDirectories(folder);
        var resume = ResumeSettings.beside(folder, magnet.infoHashes().primary());
        return add(
                magnet,
                metainfo -> FileStore.open(folder, metainfo, true),
                TorrentSettings.DEFAULT.withResume(resume));
    }

    private Announcer.Manner manner(
            List<InfoHash> swarms, boolean isPrivate, TorrentSettings torrentSettings) {
        return new Announcer.Manner(
                swarms, Family.of(settings.listen()), torrentSettings.localTargets(), isPrivate);
    }

    private Torrent start(
            Origin origin,
            AnnounceOrder order,
            Announcer.Manner manner,
            TorrentSettings torrentSettings) {
        var around =
                new Surroundings(
                        ourId,
                        port,
                        settings.userAgent(),
                        settings.outgoing(),
                        settings.incoming(),
                        network,
                        greeter(torrentSettings.greetingPatience()),
                        buffers,
                        allowance,
                        bans,
                        pulse,
                        clock,
                        random,
                        events::tell,
                        http,
                        external);
        InfoHash infoHash = origin.infoHash();
        var loop =
                new TorrentLoop(
                        origin,
                        torrentSettings,
                        around,
                        (progress, torrent) ->
                                new Announcer(
                                        trackers, order, manner, progress, torrent, random, clock),
                        register);
        register.enter(origin.infoHashes(), loop);
        events.tell(new SessionEvent.TorrentAdded(infoHash, origin.name()));
        loop.start();
        return new Torrent(infoHash, loop);
    }

    private Optional<Handshake> answer(InfoHash asked, long reserved) {
        return register.find(asked).map(loop -> loop.salutation().answer(asked, reserved));
    }

    private void accept(Greeted greeted) {
        register.find(greeted.handshake().infoHash())
                .ifPresentOrElse(loop -> loop.accept(greeted), () -> greeted.link().close());
    }

    /// Ends all torrents, then the session; waits for them some seconds at most.
    @Override
    public void close() {
        List<TorrentLoop> running = register.shut();
        running.forEach(TorrentLoop::stop);
        if (acceptor != null) {
            acceptor.close();
        }
        for (TorrentLoop loop : running) {
            loop.ended().completeOnTimeout(loop.snapshot(), 15, TimeUnit.SECONDS).join();
        }
        pulse.close();
        buffers.close();
        events.close();
        owned.forEach(Session::closeQuietly);
    }

    private static void closeQuietly(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception failed) {
            LOG.log(Level.DEBUG, "closing the session: {0}", failed.getMessage());
        }
    }
}
