package dev.thistle.engine.torrent;

import dev.thistle.engine.event.SessionEvent;
import dev.thistle.engine.snapshot.TorrentSnapshot;
import dev.thistle.engine.snapshot.TorrentSnapshot.Resumed;
import dev.thistle.engine.snapshot.TorrentSnapshot.State;
import dev.thistle.engine.snapshot.TorrentSnapshot.Wanted;
import dev.thistle.protocol.PeerAddress;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// How a torrent stands: its state, its rates, what failed, and the picture of all this that others
/// get. Owned by the torrent's thread, but for the latest picture and the two futures.
final class Standing {

    private static final Logger LOG = System.getLogger(Standing.class.getName());

    private final Origin origin;
    private final Supplier<Stage> stage;
    private final Swarm swarm;
    private final Doorkeeper door;
    private final Trackers trackers;
    private final EncounterCount encounters;
    private final Halt halt;
    private final Consumer<SessionEvent> events;
    private final CompletableFuture<TorrentSnapshot> completed = new CompletableFuture<>();
    private final CompletableFuture<TorrentSnapshot> ended = new CompletableFuture<>();
    private final RateMeter downRate;
    private final RateMeter upRate;
    private State state;
    private int checkedPieces;
    private boolean isCompletionTold;
    private @Nullable String lastCallFailure;
    private @Nullable String error;
    private volatile TorrentSnapshot snapshot;

    Standing(
            Origin origin,
            Supplier<Stage> stage,
            Swarm swarm,
            Doorkeeper door,
            Trackers trackers,
            EncounterCount encounters,
            Halt halt,
            Consumer<SessionEvent> events,
            long nowNanos) {
        this.origin = origin;
        this.stage = stage;
        this.swarm = swarm;
        this.door = door;
        this.trackers = trackers;
        this.encounters = encounters;
        this.halt = halt;
        this.events = events;
        downRate = new RateMeter(nowNanos);
        upRate = new RateMeter(nowNanos);
        state = State.CHECKING;
        snapshot = picture();
    }

    State state() {
        return state;
    }

    void become(State next) {
        if (next != state) {
            events.accept(new SessionEvent.StateChanged(origin.infoHash(), state, next));
            state = next;
        }
    }

    /// Whether the torrent cannot go on.
    boolean hasFailed() {
        return error != null;
    }

    void fail(String reason) {
        error = reason;
        LOG.log(Level.ERROR, "{0} stops: {1}", origin.name(), reason);
        events.accept(new SessionEvent.Failed(origin.infoHash(), reason));
    }

    /// Why the torrent ended or will, for people.
    String ending() {
        return error == null ? "the torrent was stopped" : error;
    }

    void callFailed(PeerAddress address, String reason) {
        lastCallFailure = "%s: %s".formatted(address, reason);
    }

    /// So many pieces have been looked at since the start.
    void checked(int pieces) {
        checkedPieces = pieces;
        look();
    }

    /// Every wanted piece is there. Told once, however often that is found out.
    ///
    /// @return whether it is news
    boolean complete() {
        if (isCompletionTold) {
            return false;
        }
        isCompletionTold = true;
        events.accept(new SessionEvent.Completed(origin.infoHash()));
        completed.complete(snapshot);
        return true;
    }

    /// More is wanted than is there.
    void incomplete() {
        isCompletionTold = false;
    }

    /// Nothing more will happen.
    void end() {
        completed.completeExceptionally(new IOException(ending()));
        ended.complete(snapshot); // last: whoever waited for the end finds nothing open
    }

    /// Done when every wanted piece is there; also, exceptionally, when that cannot happen any
    /// more.
    CompletableFuture<TorrentSnapshot> completed() {
        return completed;
    }

    CompletableFuture<TorrentSnapshot> ended() {
        return ended;
    }

    /// The latest picture. Any thread.
    TorrentSnapshot snapshot() {
        return snapshot;
    }

    void measure(long nowNanos) {
        downRate.update(downloadedBytes(), nowNanos);
        upRate.update(door.uploadedBytes(), nowNanos);
    }

    /// Payload from everybody.
    long downloadedBytes() {
        return door.downloadedBytes()
                + (stage.get() instanceof Transfer transfer
                        ? transfer.webSeeds.downloadedBytes()
                        : 0);
    }

    /// Makes a new picture.
    void look() {
        snapshot = picture();
    }

    private TorrentSnapshot picture() {
        Stage now = stage.get();
        Optional<Transfer> transfer =
                now instanceof Transfer begun ? Optional.of(begun) : Optional.empty();
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
                Optional.ofNullable(error).or(halt::reason),
                transfer.map(begun -> begun.resumption.resumed()).orElse(Resumed.NOTHING),
                transfer.map(begun -> wanted(begun.download)).orElse(new Wanted(0, 0)),
                now instanceof MetadataStage link ? Optional.of(link.progress()) : Optional.empty(),
                encounters.snapshot(),
                transfer.map(begun -> begun.webSeeds.snapshots()).orElse(List.of()),
                transfer.map(this::giving).orElse(TorrentSnapshot.Giving.NOTHING));
    }

    private TorrentSnapshot.Giving giving(Transfer transfer) {
        return transfer.giving.snapshot(
                transfer.isSuperSeeding(), door.uploadedBytes(), transfer.download.wantedBytes());
    }

    private static Wanted wanted(Download download) {
        return new Wanted(download.wantedBytes(), download.verifiedWantedBytes());
    }
}
