package dev.thistle.engine.torrent;

import dev.thistle.engine.discovery.AnnounceOrder;
import dev.thistle.engine.discovery.AnnounceOutcome;
import dev.thistle.engine.discovery.Announcer;
import dev.thistle.engine.event.SessionEvent;
import dev.thistle.engine.limits.Allowance.Share;
import dev.thistle.engine.peers.Candidates;
import dev.thistle.engine.peers.Greeted;
import dev.thistle.engine.peers.Hearsay;
import dev.thistle.engine.peers.PeerEvent;
import dev.thistle.engine.peers.PeerEvent.Utterance;
import dev.thistle.engine.pieces.PieceCheck;
import dev.thistle.engine.resume.Findings;
import dev.thistle.engine.resume.ResumeData.Described;
import dev.thistle.engine.resume.ResumeData.Totals;
import dev.thistle.engine.settings.EncryptionPolicy;
import dev.thistle.engine.settings.Priority;
import dev.thistle.engine.settings.RateLimits;
import dev.thistle.engine.settings.Selection;
import dev.thistle.engine.settings.TorrentSettings;
import dev.thistle.engine.snapshot.TorrentSnapshot;
import dev.thistle.engine.snapshot.TorrentSnapshot.State;
import dev.thistle.engine.storage.PieceStore;
import dev.thistle.engine.stream.FileStream;
import dev.thistle.engine.webseeds.WebSeedEvent;
import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.InfoHashes;
import dev.thistle.protocol.PeerAddress;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.peer.ExtensionMessage;
import dev.thistle.protocol.tracker.AnnounceForm;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.SeekableByteChannel;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;

/// The owner of one torrent: a virtual thread, a bounded queue of [TorrentEvent]s and one `switch`.
///
/// Life: after a magnet link peers are asked for the metainfo; what is in the store is checked,
/// then the session may send callers and the trackers are told, then events are handled until
/// somebody asks to stop, the disk fails, or the session ends; at the end every connection is
/// closed, the trackers hear goodbye and the store is closed.
public final class TorrentLoop {

    /// With fewer known, connected or not, a download asks trackers for more than their interval
    /// would give it.
    private static final int FEW_PEERS = 20;

    /// How long connections may take to end.
    private static final long FAREWELL_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final Logger LOG = System.getLogger(TorrentLoop.class.getName());

    /// Makes the announcer of a torrent, given what it shall tell and whom.
    public interface AnnouncerFactory {
        Announcer announcer(Announcer.Progress progress, Consumer<AnnounceOutcome> torrent);
    }

    private final Origin origin;
    private final TorrentSettings settings;
    private final Surroundings around;
    private final Register register;
    private final Mailbox mailbox = new Mailbox();
    private final Announcer announcer;
    private final Trackers trackers;
    private final Swarm swarm;
    private final Introduction introduction;
    private final Candidates candidates;
    private final Dialer dialer;
    private final Doorkeeper door;
    private final EncounterCount encounters = new EncounterCount();
    private final Share share;
    private final Halt halt = new Halt();
    private final Standing standing;
    private final Pace pace;

    private final Pulse.Listener beat = this::beat;

    /// Changed by the torrent's thread alone; others look whether there are pieces yet.
    private volatile Stage stage;

    private boolean isPublic;

    /// What is wanted as long as nobody has said otherwise.
    private Selection initial;

    private final AtomicReference<Selection> selection;
    private volatile boolean stopAsked;

    /// A torrent that is not yet started.
    ///
    /// @param register where it is found by its names
    public TorrentLoop(
            Origin origin,
            TorrentSettings settings,
            Surroundings around,
            AnnouncerFactory announcers,
            Register register) {
        this.origin = origin;
        this.settings = settings;
        this.around = around;
        initial = settings.selection();
        selection = new AtomicReference<>(initial);
        this.register = register;
        long now = around.clock().getAsLong();
        pace = new Pace(now);
        EncryptionPolicy.Level incoming = settings.encryption().incomingLevel(around.incoming());
        trackers = new Trackers(origin.infoHash(), around, incoming, this::snapshot);
        announcer =
                announcers.announcer(
                        trackers::request,
                        outcome -> mailbox.put(new TorrentEvent.Announced(outcome)));
        swarm = new Swarm(around.ourId(), settings.maxPeers(), around.bans(), around::ranking);
        introduction = new Introduction(around, incoming);
        EncryptionPolicy outgoing = settings.encryption().outgoing().orElse(around.outgoing());
        candidates = new Candidates(outgoing, settings.redialAfter(), around::ranking);
        share = around.allowance().share(settings.rates());
        stage =
                switch (origin) {
                    case Origin.Whole(Metainfo metainfo, PieceStore store) ->
                            transfer(metainfo, store, metainfo.webSeeds(), Optional.empty(), now);
                    case Origin.Link link -> new MetadataStage(link, introduction, swarm);
                };
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
                        this::salutation,
                        mailbox::put);
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
                        event -> mailbox.put(new TorrentEvent.FromPeer(event)));
        standing =
                new Standing(
                        origin,
                        () -> stage,
                        swarm,
                        door,
                        trackers,
                        encounters,
                        halt,
                        around.events(),
                        now);
    }

    private Transfer transfer(
            Metainfo metainfo,
            PieceStore store,
            List<String> webSeeds,
            Optional<Described> remembered,
            long now) {
        return new Transfer(
                metainfo,
                store,
                settings,
                around,
                introduction,
                swarm,
                candidates,
                remembered,
                download ->
                        new WebSeeds(
                                metainfo,
                                download,
                                webSeeds,
                                settings,
                                around,
                                share,
                                halt,
                                event -> mailbox.put(new TorrentEvent.FromWebSeed(event)),
                                now),
                this::giveUp,
                mailbox::put,
                now);
    }

    public void start() {
        Thread.ofVirtual().name("torrent-" + origin.name()).start(this::run);
    }

    /// How we greet, by all names that are known at the moment: a link may have told only one of a
    /// hybrid's two. Any thread.
    public Salutation salutation() {
        InfoHashes names =
                stage instanceof Transfer transfer
                        ? transfer.metainfo.infoHashes()
                        : origin.infoHashes();
        return new Salutation(names, around.ourId());
    }

    /// Its name in the session. Any thread.
    public InfoHash infoHash() {
        return origin.infoHash();
    }

    /// The latest look at the torrent. Any thread.
    public TorrentSnapshot snapshot() {
        return standing.snapshot();
    }

    /// Done when every wanted piece is there; also, exceptionally, when that cannot happen any
    /// more.
    public CompletableFuture<TorrentSnapshot> completed() {
        return standing.completed();
    }

    /// Done when the torrent has ended and its store is closed.
    public CompletableFuture<TorrentSnapshot> ended() {
        return standing.ended();
    }

    /// A peer that called the session asked for this torrent. Any thread; may block.
    public void accept(Greeted greeted) {
        mailbox.put(new TorrentEvent.Accepted(greeted));
    }

    /// Names peers to call. Any thread; may block.
    public void addPeers(List<PeerAddress> addresses) {
        mailbox.put(new TorrentEvent.PeersNamed(List.copyOf(addresses)));
    }

    /// Changes what is wanted. Any thread; may block.
    public void select(Selection wanted) {
        selection.set(wanted);
        mailbox.put(new TorrentEvent.Selected());
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
        mailbox.put(new TorrentEvent.Awaited(waiter, Map.copyOf(nanosByPiece)));
    }

    /// Tries again at once what the disk did not take, if the torrent is halted. Any thread.
    public void retry() {
        mailbox.put(new TorrentEvent.RetryAsked());
    }

    /// Ends the torrent as failed. Any thread; may block.
    public void giveUp(String reason) {
        mailbox.put(new TorrentEvent.GivenUp(reason));
    }

    /// Ends the torrent; [#ended] tells when. Any thread.
    public void stop() {
        stopAsked = true;
        mailbox.put(new TorrentEvent.StopAsked());
    }

    private void run() {
        try {
            if (stage instanceof MetadataStage link) {
                Described remembered = Resumption.described(settings.resume());
                remembered.info().ifPresent(link::recall);
                if (!link.isOver()) {
                    standing.become(State.METADATA);
                    goPublic();
                    loop(link::isOver);
                }
                if (link.isOver() && !standing.hasFailed()) {
                    begin(link, remembered);
                }
            }
            if (stage instanceof Transfer transfer) {
                Findings findings = transfer.resumption.begin();
                transfer.giving.begin(transfer.resumption.earlier());
                restoreSelection(transfer);
                PieceCheck.Found found = check(transfer, findings);
                if (!stopAsked) {
                    transfer.download.found(findings.unfinished());
                    open(transfer, found);
                    loop(() -> false);
                }
            }
        } catch (IOException failed) {
            standing.fail(String.valueOf(failed.getMessage()));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | OutOfMemoryError bug) {
            standing.fail("internal error: " + bug);
        } finally {
            end();
        }
    }

    /// The metainfo is there: from now on there are pieces.
    private void begin(MetadataStage link, Described remembered) throws IOException {
        register.learnt(link.metainfo().infoHashes(), this);
        announcer.alsoIn(link.metainfo().infoHashes().all());
        if (link.metainfo().isPrivate()) {
            announcer.oneAtATime();
        }
        choose(link.select(selection.get()));
        Transfer transfer =
                transfer(
                        link.metainfo(),
                        link.openStore(),
                        link.webSeeds(),
                        Optional.of(remembered),
                        now());
        transfer.download.select(selection.get());
        stage = transfer;
        if (isPublic) {
            register.welcome(this); // by the names that are new as well
        }
        standing.become(State.CHECKING);
        standing.look();
    }

    /// Wants this, unless the user has said otherwise since.
    private void choose(Selection wanted) {
        if (selection.compareAndSet(initial, wanted)) {
            initial = wanted;
        }
    }

    private void restoreSelection(Transfer transfer) {
        Optional<Selection> wanted = transfer.resumption.wanted();
        if (settings.resume().restoresSelection()
                && settings.selection().equals(Selection.ALL)
                && wanted.isPresent()) {
            choose(wanted.get());
            transfer.download.select(selection.get());
        }
    }

    private PieceCheck.Found check(Transfer transfer, Findings findings) throws IOException {
        PieceCheck.Found found =
                new PieceCheck(transfer.metainfo, transfer.layers(), transfer.store)
                        .run(
                                findings.inDoubt(),
                                looked -> {
                                    standing.checked(looked);
                                },
                                () -> stopAsked);
        found.right().or(findings.trusted());
        return found;
    }

    private void open(Transfer transfer, PieceCheck.Found found) {
        transfer.found(found.right(), found.inDoubt());
        standing.become(transfer.download.isFinished() ? State.SEEDING : State.DOWNLOADING);
        swarm.all().forEach(peer -> transfer.takeOver(peer, now()));
        goPublic();
        transfer.resumption.opened(holdings(transfer, transfer.download.isComplete()), now());
        if (transfer.download.isFinished()) {
            var _ = standing.complete();
        }
    }

    /// Callers are welcome, and trackers are told.
    private void goPublic() {
        if (!isPublic) {
            isPublic = true;
            register.welcome(this); // before anybody hears that we are ready, and calls
            standing.look();
            announcer.start();
        }
        standing.look();
    }

    private void loop(BooleanSupplier isOver) throws InterruptedException {
        around.pulse().add(beat);
        try {
            while (!stopAsked && !standing.hasFailed() && !isOver.getAsBoolean()) {
                long now = now();
                if (pace.isDue(now)) {
                    tick(now);
                }
                if (!standing.hasFailed()) {
                    handle(mailbox.take()); // one comes at the latest when the next tick is due
                }
            }
        } finally {
            around.pulse().remove(beat);
        }
    }

    /// On the pulse's thread. With events waiting, the loop looks at the clock by itself.
    private long beat(long nowNanos) {
        if (pace.isDue(nowNanos)) {
            mailbox.wake();
        }
        return pace.nanosLeft(nowNanos);
    }

    private void handle(TorrentEvent event) {
        if (!(event instanceof TorrentEvent.TimePassed) && pace.hurry(now())) {
            around.pulse().hurry();
        }
        switch (event) {
            case TorrentEvent.Accepted accepted when halt.isOn() -> Mailbox.abandon(accepted);
            case TorrentEvent.Accepted(Greeted greeted) ->
                    door.join(greeted, Optional.empty(), now());
            case TorrentEvent.Reached reached -> {
                dialer.reached(reached);
                if (halt.isOn()) {
                    candidates.closed(reached.address());
                    Mailbox.abandon(reached);
                    return;
                }
                door.join(reached.greeted(), Optional.of(reached.address()), now());
            }
            case TorrentEvent.CallFailed failed -> {
                LOG.log(Level.DEBUG, "call to {0} failed: {1}", failed.address(), failed.reason());
                standing.callFailed(failed.address(), failed.reason());
                dialer.failed(failed);
            }
            case TorrentEvent.FromPeer(PeerEvent.Heard(var connection, var utterances)) -> {
                Peer peer = swarm.peer(connection.number());
                if (peer != null) {
                    heard(peer, utterances);
                }
            }
            case TorrentEvent.FromPeer(PeerEvent.Closed(var connection, var reason)) ->
                    door.leave(connection, reason);
            case TorrentEvent.FromPeer(PeerEvent.StoreFailed(_, var reason, var isTaking)) -> {
                if (isTaking) {
                    halt(reason);
                } else {
                    standing.fail(reason);
                }
            }
            case TorrentEvent.FromWebSeed(WebSeedEvent fromWebSeed) -> heard(fromWebSeed);
            case TorrentEvent.Announced(AnnounceOutcome outcome) -> announced(outcome);
            case TorrentEvent.LateChecked portion -> lateChecked(portion);
            case TorrentEvent.PeersNamed(List<PeerAddress> addresses) ->
                    heardOf(addresses, _ -> Hearsay.NOTHING);
            case TorrentEvent.Selected() -> selected(selection.get());
            case TorrentEvent.Awaited(Object waiter, var nanosByPiece) -> {
                if (stage instanceof Transfer transfer) {
                    transfer.download.deadlines().set(waiter, nanosByPiece);
                }
            }
            case TorrentEvent.GivenUp(String reason) -> standing.fail(reason);
            case TorrentEvent.RetryAsked() -> halt.retry(now());
            case TorrentEvent.TimePassed(), TorrentEvent.StopAsked() -> {} // the loop looks
        }
    }

    private void heard(Peer peer, List<Utterance> utterances) {
        utterances.forEach(utterance -> stage.hear(peer, utterance, now()));
        if (stage instanceof Transfer transfer) {
            transfer.download.ask(peer, now());
            transfer.download.failure().ifPresent(standing::fail);
            finishIfComplete(transfer);
        }
    }

    private void heard(WebSeedEvent event) {
        if (event instanceof WebSeedEvent.StoreFailed(_, String reason)) {
            halt(reason);
        }
        if (stage instanceof Transfer transfer) {
            transfer.webSeeds.heard(event, now());
            transfer.download.failure().ifPresent(standing::fail);
            finishIfComplete(transfer);
        }
    }

    private void lateChecked(TorrentEvent.LateChecked portion) {
        if (stage instanceof Transfer transfer) {
            transfer.lateChecked(portion, now());
            portion.failure().ifPresent(standing::fail);
            finishIfComplete(transfer);
        }
    }

    private void announced(AnnounceOutcome outcome) {
        boolean isAnother = trackers.heard(outcome);
        if (outcome instanceof AnnounceOutcome.Answered(var tracker, var swarm, var answer)) {
            if (isAnother && stage instanceof Transfer transfer && transfer.metainfo.isPrivate()) {
                leaveSwarm(tracker);
            }
            InfoHashes names = salutation().names();
            var hearsay =
                    Hearsay.ofTracker(
                            tracker.form() == AnnounceForm.OBFUSCATED,
                            names.v2Truncated().filter(swarm::equals).isPresent());
            heardOf(
                    answer.peers(),
                    peer ->
                            answer.requireCrypto().contains(peer)
                                    ? hearsay.preferringMse()
                                    : hearsay);
        }
    }

    /// Whom one tracker of a private torrent vouches for another one does not (BEP 27).
    private void leaveSwarm(AnnounceOrder.Tracker next) {
        candidates.clear();
        swarm.all()
                .forEach(peer ->
                        peer.connection.close("%s serves the torrent now".formatted(next.url())));
    }

    /// Whoever is heard of is called at once, if there is room.
    private void heardOf(List<PeerAddress> addresses, Function<PeerAddress, Hearsay> hearsay) {
        addresses.forEach(address -> dialer.candidates().add(address, hearsay.apply(address)));
        if (!halt.isOn()) {
            dialer.tick(swarm.size(), settings.maxPeers(), now());
        }
    }

    private void finishIfComplete(Transfer transfer) {
        if (standing.state() == State.DOWNLOADING
                && transfer.download.isFinished()
                && isStillThere(transfer)) {
            standing.become(State.SEEDING);
            standing.look(); // first: the announcer tells what is left by it
            if (standing.complete()) {
                if (transfer.download.isComplete() && standing.downloadedBytes() > 0) {
                    announcer.completed();
                }
                transfer.resumption.save(holdings(transfer, transfer.download.isComplete()), now());
                swarm.all().forEach(peer -> peer.tell(new ExtensionMessage.UploadOnly(true)));
            }
        }
    }

    /// Whether the files are where they were put.
    private boolean isStillThere(Transfer transfer) {
        Optional<String> lost = transfer.inspection.all();
        lost.ifPresent(standing::fail);
        return lost.isEmpty();
    }

    private void halt(String reason) {
        if (halt.isOn()) {
            return; // several connections hit the same wall
        }
        LOG.log(Level.WARNING, "{0} is halted: {1}", origin.name(), reason);
        halt.begin(reason, now());
        standing.become(State.HALTED);
        swarm.all().forEach(peer -> peer.connection.close("the torrent is halted"));
        standing.look();
    }

    private void goOnAfterHalt(long now) {
        if (halt.endsAt(now)) {
            standing.become(State.DOWNLOADING);
            if (stage instanceof Transfer transfer) {
                finishIfComplete(transfer);
            }
        }
    }

    private void selected(Selection wanted) {
        if (stage instanceof Transfer transfer) {
            transfer.download.select(wanted);
            if (!transfer.download.isFinished()) {
                standing.incomplete();
                if (standing.state() == State.SEEDING) {
                    standing.become(State.DOWNLOADING);
                    swarm.all().forEach(peer -> peer.tell(new ExtensionMessage.UploadOnly(false)));
                }
            }
            finishIfComplete(transfer);
        }
    }

    private void tick(long now) {
        for (Peer peer : swarm.all()) {
            List<Utterance> unheard = peer.connection.unheard();
            if (!unheard.isEmpty()) {
                heard(peer, unheard);
            }
            peer.tick(now);
            stage.tick(peer, now);
        }
        swarm.closeBanned();
        if (stage instanceof Transfer transfer) {
            transfer.tick(now);
            transfer.inspection.tick(now).ifPresent(standing::fail);
        }
        goOnAfterHalt(now);
        if (!halt.isOn()) {
            seekSources(now);
        }
        if (standing.state() == State.DOWNLOADING
                && swarm.size() + dialer.candidates().size() < FEW_PEERS) {
            announcer.wantPeers();
        }
        standing.measure(now);
        boolean isBusy = standing.state() != State.SEEDING || dialer.dialing() > 0;
        if (stage instanceof Transfer transfer) {
            if (transfer.resumption.isDue(totals(transfer), selection.get(), now)) {
                transfer.resumption.save(holdings(transfer, transfer.download.isComplete()), now);
            }
            isBusy |= !transfer.resumption.remembers(selection.get());
            isBusy |= lookAtGiving(transfer, now);
        }
        pace.looked(isBusy, swarm.size(), door.downloadedBytes() + door.uploadedBytes(), now);
        standing.look();
    }

    private void seekSources(long now) {
        if (stage instanceof Transfer transfer) {
            transfer.webSeeds.tick(now);
        }
        dialer.tick(swarm.size(), settings.maxPeers(), now);
    }

    /// Ends the torrent when it was given enough.
    ///
    /// @return whether that may be soon
    private boolean lookAtGiving(Transfer transfer, long now) {
        transfer.giving.tick(standing.state() == State.SEEDING, now);
        Optional<String> enough =
                transfer.giving.enough(door.uploadedBytes(), transfer.download.wantedBytes());
        if (enough.isPresent() && !stopAsked) {
            around.events().accept(new SessionEvent.SeedingEnded(origin.infoHash(), enough.get()));
            stopAsked = true;
            mailbox.wake();
        }
        return transfer.giving.isNearlyEnough();
    }

    /// Of this run.
    private Totals totals(Transfer transfer) {
        return new Totals(
                standing.downloadedBytes(), door.uploadedBytes(), transfer.giving.toRemember());
    }

    private Resumption.Holdings holdings(Transfer transfer, boolean isQuiet) {
        return new Resumption.Holdings(
                transfer.download.have(),
                transfer.unfinished(),
                totals(transfer),
                selection.get(),
                isQuiet);
    }

    /// Hangs up, says goodbye, waits for the threads of all connections, closes the store.
    private void end() {
        try {
            sayGoodbye();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | OutOfMemoryError bug) { // what follows is waited for
            standing.fail("internal error at the end: " + bug);
        }
        door.end();
        try {
            if (stage instanceof Transfer transfer) {
                transfer.download.arrivals().end(standing.ending());
                transfer.upload.end();
                transfer.store.close();
            }
        } catch (IOException failed) {
            standing.fail(String.valueOf(failed.getMessage()));
        }
        standing.become(standing.hasFailed() ? State.FAILED : State.STOPPED);
        standing.look();
        register.leave(this);
        around.events().accept(new SessionEvent.TorrentRemoved(origin.infoHash()));
        standing.end();
        mailbox.close();
    }

    private void sayGoodbye() throws InterruptedException {
        swarm.all().forEach(peer -> peer.connection.close("the torrent stops"));
        dialer.hangUp();
        if (stage instanceof Transfer transfer) {
            transfer.webSeeds.stop();
            transfer.lateCheck.cancel();
        }
        announcer.stop();
        long deadline = now() + FAREWELL_NANOS;
        while ((door.connections() > 0 || dialer.dialing() > 0 || isChecking())
                && deadline - now() > 0) {
            TorrentEvent event = mailbox.poll(deadline - now());
            if (event != null) {
                endWith(event);
            }
        }
        if (stage instanceof Transfer transfer) {
            boolean isQuiet = transfer.webSeeds.join() && door.connections() == 0;
            transfer.resumption.end(holdings(transfer, isQuiet));
        }
    }

    private boolean isChecking() {
        return stage instanceof Transfer transfer && transfer.lateCheck.isRunning();
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
                Mailbox.abandon(reached);
            }
            case TorrentEvent.CallFailed failed -> dialer.failed(failed);
            case TorrentEvent.LateChecked portion -> {
                if (stage instanceof Transfer transfer) {
                    transfer.lateChecked(portion, now());
                }
            }
            case TorrentEvent.Accepted _,
                    TorrentEvent.FromPeer(PeerEvent.StoreFailed _),
                    TorrentEvent.FromWebSeed _,
                    TorrentEvent.Announced _,
                    TorrentEvent.PeersNamed _,
                    TorrentEvent.Selected _,
                    TorrentEvent.Awaited _,
                    TorrentEvent.GivenUp _,
                    TorrentEvent.RetryAsked _,
                    TorrentEvent.TimePassed _,
                    TorrentEvent.StopAsked _ ->
                    Mailbox.abandon(event);
        }
    }

    /// Monotonic nanoseconds of the session. Any thread.
    public long now() {
        return around.clock().getAsLong();
    }
}
