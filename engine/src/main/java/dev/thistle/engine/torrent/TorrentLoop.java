package dev.thistle.engine.torrent;

import dev.thistle.engine.discovery.AnnounceOutcome;
import dev.thistle.engine.discovery.Announcer;
import dev.thistle.engine.event.SessionEvent;
import dev.thistle.engine.limits.Allowance;
import dev.thistle.engine.limits.Allowance.Share;
import dev.thistle.engine.peers.BanList;
import dev.thistle.engine.peers.BufferPool;
import dev.thistle.engine.peers.Candidates;
import dev.thistle.engine.peers.Greeted;
import dev.thistle.engine.peers.Greeter;
import dev.thistle.engine.peers.PeerEvent;
import dev.thistle.engine.resume.Findings;
import dev.thistle.engine.settings.EncryptionPolicy;
import dev.thistle.engine.settings.Priority;
import dev.thistle.engine.settings.RateLimits;
import dev.thistle.engine.settings.Selection;
import dev.thistle.engine.settings.TorrentSettings;
import dev.thistle.engine.snapshot.TorrentSnapshot;
import dev.thistle.engine.snapshot.TorrentSnapshot.Resumed;
import dev.thistle.engine.snapshot.TorrentSnapshot.State;
import dev.thistle.engine.snapshot.TorrentSnapshot.Wanted;
import dev.thistle.engine.storage.PieceCheck;
import dev.thistle.engine.storage.PieceStore;
import dev.thistle.engine.stream.FileStream;
import dev.thistle.engine.webseeds.WebSeedEvent;
import dev.thistle.net.Network;
import dev.thistle.net.http.HttpCaller;
import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.InfoHashes;
import dev.thistle.protocol.PeerAddress;
import dev.thistle.protocol.PeerId;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.peer.ExtensionMessage;
import dev.thistle.protocol.peer.Handshake;
import dev.thistle.protocol.tracker.AnnounceForm;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.SeekableByteChannel;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The owner of one torrent: a virtual thread, a bounded queue of [TorrentEvent]s and one `switch`.
///
/// Life: after a magnet link peers are asked for the metainfo; what is in the store is checked,
/// then the session may send callers and the trackers are told, then events are handled until
/// somebody asks to stop, the disk fails, or the session ends; at the end every connection is
/// closed, the trackers hear goodbye and the store is closed.
public final class TorrentLoop {

    /// Events waiting. A reader that finds the queue full waits, and with it the peer.
    private static final int MAX_WAITING = 1024;

    /// With fewer known, connected or not, a download asks trackers for more than their interval
    /// would give it.
    private static final int FEW_PEERS = 20;

    /// How long connections may take to end.
    private static final long FAREWELL_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final Logger LOG = System.getLogger(TorrentLoop.class.getName());

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
            HttpCaller http) {}

    /// Makes the announcer of a torrent, given what it shall tell and whom.
    public interface AnnouncerFactory {
        Announcer announcer(Announcer.Progress progress, Consumer<AnnounceOutcome> torrent);
    }

    private final Origin origin;
    private final TorrentSettings settings;
    private final Surroundings around;
    private final Runnable onReady;
    private final Runnable onEnd;
    private final ArrayBlockingQueue<TorrentEvent> events = new ArrayBlockingQueue<>(MAX_WAITING);
    private final CompletableFuture<TorrentSnapshot> completed = new CompletableFuture<>();
    private final CompletableFuture<TorrentSnapshot> ended = new CompletableFuture<>();
    private final Announcer announcer;
    private final Trackers trackers;
    private final Swarm swarm;
    private final Introduction introduction;
    private final Candidates candidates;
    private final Dialer dialer;
    private final Doorkeeper door;
    private final EncounterCount encounters = new EncounterCount();
    private final Share share;
    private final RateMeter downRate;
    private final RateMeter upRate;
    private final Pace pace;

    private final LongConsumer beat = this::beat;

    /// Changed by the torrent's thread alone; others look whether there are pieces yet.
    private volatile Stage stage;

    private State state;
    private boolean isPublic;
    private @Nullable String lastCallFailure;
    private @Nullable String error;
    private int checkedPieces;
    private final AtomicReference<Selection> selection;
    private volatile boolean stopAsked;
    private volatile TorrentSnapshot snapshot;

    /// A torrent that is not yet started.
    ///
    /// @param onReady called on the torrent's thread once callers are welcome
    /// @param onEnd called there when nothing more will happen, before [#ended] is done
    public TorrentLoop(
            Origin origin,
            TorrentSettings settings,
            Surroundings around,
            AnnouncerFactory announcers,
            Runnable onReady,
            Runnable onEnd) {
        this.origin = origin;
        this.settings = settings;
        this.around = around;
        this.onReady = onReady;
        selection = new AtomicReference<>(settings.selection());
        this.onEnd = onEnd;
        long now = around.clock().getAsLong();
        downRate = new RateMeter(now);
        upRate = new RateMeter(now);
        pace = new Pace(now);
        trackers = new Trackers(origin.infoHash(), around, this::snapshot);
        announcer =
                announcers.announcer(
                        trackers::request, outcome -> put(new TorrentEvent.Announced(outcome)));
        swarm = new Swarm(around.ourId(), settings.maxPeers(), around.bans());
        introduction = new Introduction(around);
        EncryptionPolicy outgoing = settings.encryption().outgoing().orElse(around.outgoing());
        candidates = new Candidates(outgoing, settings.redialAfter());
        switch (origin) {
            case Origin.Whole(Metainfo metainfo, PieceStore store) -> {
                stage = transfer(metainfo, store, metainfo.webSeeds(), now);
                state = State.CHECKING;
            }
            case Origin.Link link -> {
                stage = new MetadataStage(link, introduction, swarm);
                state = State.METADATA;
            }
        }
        share = around.allowance().share(settings.rates());
        dialer =
                new Dialer(
                        candidates,
                        outgoing,
                        around.network(),
                        around.greeter(),
                        settings.greetingPatience(),
                        encounters,
                        settings.maxDialing(),
                        around.allowance().calls(),
                        this::handshake,
                        this::put);
        door =
                new Doorkeeper(
                        origin.infoHash(),
                        () -> stage,
                        settings.silencePatience(),
                        around,
                        share,
                        settings.encryption().incoming(),
                        encounters,
                        swarm,
                        dialer.candidates(),
                        event -> put(new TorrentEvent.FromPeer(event)));
        snapshot = look();
    }

    private Transfer transfer(
            Metainfo metainfo, PieceStore store, List<String> webSeeds, long now) {
        return new Transfer(
                metainfo,
                store,
                settings,
                introduction,
                swarm,
                candidates,
                around.allowance().slots(),
                around.random(),
                around.events(),
                download ->
                        new WebSeeds(
                                metainfo,
                                download,
                                webSeeds,
                                settings,
                                around,
                                event -> put(new TorrentEvent.FromWebSeed(event)),
                                now),
                now);
    }

    public void start() {
        Thread.ofVirtual().name("torrent-" + origin.name()).start(this::run);
    }

    /// Our side of the 68 bytes, when we call.
    public Handshake handshake() {
        return handshake(origin.infoHash());
    }

    /// Our side of the 68 bytes, for a caller who asked for this one of the torrent's names.
    public Handshake handshake(InfoHash asked) {
        return new Handshake(Handshake.EXTENDED | Handshake.FAST, asked, around.ourId());
    }

    /// All names of the torrent that are known from the start. Any thread.
    public InfoHashes infoHashes() {
        return origin.infoHashes();
    }

    /// The latest look at the torrent. Any thread.
    public TorrentSnapshot snapshot() {
        return snapshot;
    }

    /// Done when every wanted piece is there; also, exceptionally, when that cannot happen any
    /// more.
    public CompletableFuture<TorrentSnapshot> completed() {
        return completed;
    }

    /// Done when the torrent has ended and its store is closed.
    public CompletableFuture<TorrentSnapshot> ended() {
        return ended;
    }

    /// A peer that called the session asked for this torrent. Any thread; may block.
    public void accept(Greeted greeted) {
        put(new TorrentEvent.Accepted(greeted));
    }

    /// Names peers to call. Any thread; may block.
    public void addPeers(List<PeerAddress> addresses) {
        put(new TorrentEvent.PeersNamed(List.copyOf(addresses)));
    }

    /// Changes what is wanted. Any thread; may block.
    public void select(Selection wanted) {
        selection.set(wanted);
        put(new TorrentEvent.Selected());
    }

    /// Changes how fast this torrent may be. Any thread.
    public void rates(RateLimits rates) {
        share.rates(rates);
    }

    /// What was wanted last. Any thread.
    public Selection selection() {
        return selection.get();
    }

    /// Opens a file for reading while it comes, and makes it wanted if it is not. Any thread; may
    /// block.
    public SeekableByteChannel open(int file) {
        if (!(stage instanceof Transfer transfer)) {
            throw new IllegalStateException("the files are not known yet");
        }
        Selection now = selection.get();
        if (!now.ofFile(file).isWanted()) {
            select(now.withFile(file, Priority.LOW));
        }
        return new FileStream(
                transfer.metainfo,
                transfer.metainfo.files().get(file),
                transfer.store,
                transfer.download.arrivals(),
                this::await,
                around.clock());
    }

    /// Tells until when `waiter` waits for which pieces; for none when it goes away. Any thread;
    /// may block.
    ///
    /// @param nanosByPiece times of the session's clock
    public void await(Object waiter, Map<Integer, Long> nanosByPiece) {
        put(new TorrentEvent.Awaited(waiter, Map.copyOf(nanosByPiece)));
    }

    /// Ends the torrent; [#ended] tells when. Any thread.
    public void stop() {
        stopAsked = true;
        put(new TorrentEvent.StopAsked());
    }

    /// Waits for room in the queue, but not for a loop that is over.
    private void put(TorrentEvent event) {
        try {
            while (!ended.isDone() && !events.offer(event, 1, TimeUnit.SECONDS)) {
                // the loop is busy: wait, and with us whoever speaks to us
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            abandon(event);
            return;
        }
        if (ended.isDone()) {
            abandon(event);
        }
    }

    private static void abandon(TorrentEvent event) {
        switch (event) {
            case TorrentEvent.Accepted(var greeted) -> greeted.link().close();
            case TorrentEvent.Reached(_, _, var greeted) -> greeted.link().close();
            case TorrentEvent.CallFailed _,
                    TorrentEvent.FromPeer _,
                    TorrentEvent.FromWebSeed _,
                    TorrentEvent.Announced _,
                    TorrentEvent.PeersNamed _,
                    TorrentEvent.Selected _,
                    TorrentEvent.Awaited _,
                    TorrentEvent.TimePassed _,
                    TorrentEvent.StopAsked _ -> {}
        }
    }

    private void run() {
        try {
            if (stage instanceof MetadataStage link) {
                goPublic();
                loop(link::isOver);
                if (link.isOver()) {
                    begin(link);
                }
            }
            if (stage instanceof Transfer transfer) {
                Findings findings = transfer.resumption.begin();
                BitSet have = check(transfer, findings);
                if (!stopAsked) {
                    transfer.download.found(findings.unfinished());
                    open(transfer, have);
                    loop(() -> false);
                }
            }
        } catch (IOException failed) {
            fail(String.valueOf(failed.getMessage()));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | OutOfMemoryError bug) {
            fail("internal error: " + bug);
        } finally {
            end();
        }
    }

    /// The metainfo is there: from now on there are pieces.
    private void begin(MetadataStage link) throws IOException {
        selection.set(link.select(selection.get()));
        Transfer transfer = transfer(link.metainfo(), link.openStore(), link.webSeeds(), now());
        transfer.download.select(selection.get());
        stage = transfer;
        become(State.CHECKING);
        snapshot = look();
    }

    private BitSet check(Transfer transfer, Findings findings) throws IOException {
        BitSet right =
                new PieceCheck(transfer.metainfo, transfer.store)
                        .run(
                                findings.inDoubt(),
                                looked -> {
                                    checkedPieces = looked;
                                    snapshot = look();
                                },
                                () -> stopAsked);
        right.or(findings.trusted());
        return right;
    }

    private void open(Transfer transfer, BitSet have) {
        transfer.download.found(have);
        become(transfer.download.isFinished() ? State.SEEDING : State.DOWNLOADING);
        swarm.all().forEach(peer -> transfer.takeOver(peer, now()));
        goPublic();
        transfer.resumption.opened(holdings(transfer, transfer.download.isComplete()), now());
        if (transfer.download.isFinished()) {
            complete();
        }
    }

    private void become(State next) {
        if (next != state) {
            around.events().accept(new SessionEvent.StateChanged(origin.infoHash(), state, next));
            state = next;
        }
    }

    private void complete() {
        around.events().accept(new SessionEvent.Completed(origin.infoHash()));
        completed.complete(snapshot);
    }

    /// Callers are welcome, and trackers are told.
    private void goPublic() {
        if (!isPublic) {
            isPublic = true;
            onReady.run(); // before anybody hears that we are ready, and calls
            snapshot = look();
            announcer.start();
        }
        snapshot = look();
    }

    private void loop(BooleanSupplier isOver) throws InterruptedException {
        around.pulse().add(beat);
        try {
            while (!stopAsked && error == null && !isOver.getAsBoolean()) {
                long now = now();
                if (pace.isDue(now)) {
                    tick(now);
                }
                handle(events.take()); // one comes at the latest when the next tick is due
            }
        } finally {
            around.pulse().remove(beat);
        }
    }

    /// On the pulse's thread. With events waiting, the loop looks at the clock by itself.
    private void beat(long nowNanos) {
        if (pace.isDue(nowNanos) && events.isEmpty()) {
            var _ = events.offer(new TorrentEvent.TimePassed());
        }
    }

    private void handle(TorrentEvent event) {
        if (!(event instanceof TorrentEvent.TimePassed)) {
            pace.hurry(now());
        }
        switch (event) {
            case TorrentEvent.Accepted(Greeted greeted) ->
                    door.join(greeted, Optional.empty(), now());
            case TorrentEvent.Reached reached -> {
                dialer.reached(reached);
                door.join(reached.greeted(), Optional.of(reached.address()), now());
            }
            case TorrentEvent.CallFailed failed -> {
                LOG.log(Level.DEBUG, "call to {0} failed: {1}", failed.address(), failed.reason());
                lastCallFailure = "%s: %s".formatted(failed.address(), failed.reason());
                dialer.failed(failed);
            }
            case TorrentEvent.FromPeer(PeerEvent.Heard(var connection, var utterances)) -> {
                Peer peer = swarm.peer(connection.number());
                if (peer != null) {
                    utterances.forEach(utterance -> stage.hear(peer, utterance, now()));
                    if (stage instanceof Transfer transfer) {
                        transfer.download.ask(peer, now());
                        transfer.download.failure().ifPresent(this::fail);
                        finishIfComplete(transfer);
                    }
                }
            }
            case TorrentEvent.FromPeer(PeerEvent.Closed(var connection, var reason)) ->
                    door.leave(connection, reason);
            case TorrentEvent.FromPeer(PeerEvent.StoreFailed(_, var reason)) -> fail(reason);
            case TorrentEvent.FromWebSeed(WebSeedEvent fromWebSeed) -> heard(fromWebSeed);
            case TorrentEvent.Announced(AnnounceOutcome outcome) -> announced(outcome);
            case TorrentEvent.PeersNamed(List<PeerAddress> addresses) ->
                    addresses.forEach(address -> dialer.candidates().add(address, false));
            case TorrentEvent.Selected() -> selected(selection.get());
            case TorrentEvent.Awaited(Object waiter, var nanosByPiece) -> {
                if (stage instanceof Transfer transfer) {
                    transfer.download.deadlines().set(waiter, nanosByPiece);
                }
            }
            case TorrentEvent.TimePassed(), TorrentEvent.StopAsked() -> {} // the loop looks
        }
    }

    private void heard(WebSeedEvent event) {
        if (event instanceof WebSeedEvent.StoreFailed(_, String reason)) {
            fail(reason);
        } else if (stage instanceof Transfer transfer) {
            transfer.webSeeds.heard(event, now());
            transfer.download.failure().ifPresent(this::fail);
            finishIfComplete(transfer);
        }
    }

    private void announced(AnnounceOutcome outcome) {
        trackers.heard(outcome);
        if (outcome instanceof AnnounceOutcome.Answered(var tracker, _, var answer)) {
            boolean hidden = tracker.form() == AnnounceForm.OBFUSCATED;
            answer.peers().forEach(address -> dialer.candidates().add(address, hidden));
        }
    }

    private void finishIfComplete(Transfer transfer) {
        if (state == State.DOWNLOADING && transfer.download.isFinished()) {
            become(State.SEEDING);
            snapshot = look(); // first: the announcer tells what is left by it
            if (transfer.download.isComplete()) {
                announcer.completed();
            }
            transfer.resumption.save(holdings(transfer, transfer.download.isComplete()), now());
            swarm.all().forEach(peer -> peer.tell(new ExtensionMessage.UploadOnly(true)));
            complete();
        }
    }

    private void selected(Selection wanted) {
        if (stage instanceof Transfer transfer) {
            transfer.download.select(wanted);
            if (!transfer.download.isFinished()) {
                become(State.DOWNLOADING);
            }
            finishIfComplete(transfer);
        }
    }

    private void tick(long now) {
        for (Peer peer : swarm.all()) {
            peer.tick(now);
            stage.tick(peer, now);
            if (stage.isOverFor(peer)) {
                peer.connection.close("neither side needs anything");
            }
        }
        swarm.closeBanned();
        if (stage instanceof Transfer transfer) {
            transfer.tick(now);
            transfer.webSeeds.tick(now);
        }
        dialer.tick(swarm.size(), settings.maxPeers(), now);
        if (state == State.DOWNLOADING && swarm.size() + dialer.candidates().size() < FEW_PEERS) {
            announcer.wantPeers();
        }
        downRate.update(downloadedBytes(), now);
        upRate.update(door.uploadedBytes(), now);
        if (stage instanceof Transfer transfer
                && transfer.resumption.isDue(downloadedBytes(), door.uploadedBytes(), now)) {
            transfer.resumption.save(holdings(transfer, transfer.download.isComplete()), now);
        }
        pace.looked(
                state != State.SEEDING || dialer.dialing() > 0,
                swarm.size(),
                door.downloadedBytes() + door.uploadedBytes(),
                now);
        snapshot = look();
    }

    private Resumption.Holdings holdings(Transfer transfer, boolean isQuiet) {
        return new Resumption.Holdings(
                transfer.download.have(),
                transfer.download.unfinished(),
                downloadedBytes(),
                door.uploadedBytes(),
                isQuiet);
    }

    /// Payload from everybody.
    private long downloadedBytes() {
        return door.downloadedBytes()
                + (stage instanceof Transfer transfer ? transfer.webSeeds.downloadedBytes() : 0);
    }

    private void fail(String reason) {
        error = reason;
        LOG.log(Level.ERROR, "{0} stops: {1}", origin.name(), reason);
        around.events().accept(new SessionEvent.Failed(origin.infoHash(), reason));
    }

    /// Hangs up, says goodbye, waits for the threads of all connections, closes the store.
    private void end() {
        swarm.all().forEach(peer -> peer.connection.close("the torrent stops"));
        dialer.hangUp();
        if (stage instanceof Transfer transfer) {
            transfer.webSeeds.stop();
        }
        try {
            announcer.stop();
            long deadline = now() + FAREWELL_NANOS;
            while ((door.connections() > 0 || dialer.dialing() > 0) && deadline - now() > 0) {
                TorrentEvent event = events.poll(deadline - now(), TimeUnit.NANOSECONDS);
                if (event != null) {
                    endWith(event);
                }
            }
            if (stage instanceof Transfer transfer) {
                boolean isQuiet = transfer.webSeeds.join() && door.connections() == 0;
                transfer.resumption.end(holdings(transfer, isQuiet));
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        door.end();
        try {
            if (stage instanceof Transfer transfer) {
                String end = error == null ? "the torrent was stopped" : error;
                transfer.download.arrivals().end(end);
                swarm.all().forEach(transfer.upload::left);
                transfer.store.close();
            }
        } catch (IOException failed) {
            fail(String.valueOf(failed.getMessage()));
        }
        become(error == null ? State.STOPPED : State.FAILED);
        snapshot = look();
        onEnd.run();
        ended.complete(snapshot);
        String reason = error == null ? "the torrent was stopped" : error;
        completed.completeExceptionally(new IOException(reason));
        for (TorrentEvent late = events.poll(); late != null; late = events.poll()) {
            abandon(late);
        }
    }

    private void endWith(TorrentEvent event) {
        switch (event) {
            case TorrentEvent.FromPeer(PeerEvent.Closed(var connection, var reason)) ->
                    door.leave(connection, reason);
            case TorrentEvent.FromPeer(PeerEvent.Heard(var connection, var utterances)) -> {
                Peer peer = swarm.peer(connection.number());
                if (peer != null) { // what was verified on the way out counts
                    utterances.forEach(utterance -> stage.hear(peer, utterance, now()));
                }
            }
            case TorrentEvent.Reached reached -> {
                dialer.reached(reached);
                abandon(reached);
            }
            case TorrentEvent.CallFailed failed -> dialer.failed(failed);
            case TorrentEvent.Accepted _,
                    TorrentEvent.FromPeer(PeerEvent.StoreFailed _),
                    TorrentEvent.FromWebSeed _,
                    TorrentEvent.Announced _,
                    TorrentEvent.PeersNamed _,
                    TorrentEvent.Selected _,
                    TorrentEvent.Awaited _,
                    TorrentEvent.TimePassed _,
                    TorrentEvent.StopAsked _ ->
                    abandon(event);
        }
    }

    /// Monotonic nanoseconds of the session. Any thread.
    public long now() {
        return around.clock().getAsLong();
    }

    private TorrentSnapshot look() {
        Optional<Transfer> transfer =
                stage instanceof Transfer begun ? Optional.of(begun) : Optional.empty();
        return new TorrentSnapshot(
                origin.infoHash(),
                transfer.map(begun -> begun.metainfo.name()).orElse(origin.name()),
                state,
                transfer.map(begun -> begun.metainfo.lengthBytes()).orElse(0L),
                transfer.map(begun -> begun.download.verifiedBytes()).orElse(0L),
                transfer.map(begun -> begun.metainfo.pieceCount()).orElse(0),
                checkedPieces,
                downloadedBytes(),
                door.uploadedBytes(),
                transfer.map(begun -> begun.download.wastedBytes()).orElse(0L),
                transfer.map(begun -> begun.download.failedPieces()).orElse(0),
                downRate.bytesPerSecond(),
                upRate.bytesPerSecond(),
                swarm.all().stream().map(Peer::snapshot).toList(),
                trackers.snapshots(),
                Optional.ofNullable(lastCallFailure),
                Optional.ofNullable(error),
                transfer.map(begun -> begun.resumption.resumed()).orElse(Resumed.NOTHING),
                transfer.map(begun -> wanted(begun.download)).orElse(new Wanted(0, 0)),
                stage instanceof MetadataStage link
                        ? Optional.of(link.progress())
                        : Optional.empty(),
                encounters.snapshot(),
                transfer.map(begun -> begun.webSeeds.snapshots()).orElse(List.of()));
    }

    private static Wanted wanted(Download download) {
        return new Wanted(download.wantedBytes(), download.verifiedWantedBytes());
    }
}
