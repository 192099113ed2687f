package dev.thistle.engine.torrent;

import dev.thistle.engine.peers.PeerConnection;
import dev.thistle.engine.snapshot.TorrentSnapshot.PeerSnapshot;
import dev.thistle.protocol.PeerAddress;
import dev.thistle.protocol.peer.ExtendedHandshake;
import dev.thistle.protocol.peer.Extension;
import dev.thistle.protocol.peer.ExtensionMessage;
import dev.thistle.protocol.peer.PeerMessage;
import dev.thistle.protocol.peer.PeerMessageCodec;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// What the torrent knows of one connected peer (BEP 3: both sides start choked and not
/// interested). Owned by the torrent's thread.
final class Peer {

    /// What clients queue when they do not say (`reqq`, BEP 10).
    private static final int USUAL_REQUEST_QUEUE = 250;

    /// libtorrent's `max_out_request_queue`.
    private static final int MAX_PIPELINE = 500;

    /// Enough to keep a slow link busy, little enough to be given back soon when it stalls.
    private static final int MIN_PIPELINE = 8;

    /// How much of a peer's recent rate is kept under way: libtorrent's `request_queue_time`.
    private static final int PIPELINE_SECONDS = 3;

    /// Within so many seconds a peer that is given a piece of its own has to deliver it.
    private static final int WHOLE_PIECE_SECONDS = 20;

    /// Two full request queues while we choke it, and room for clients that repeat themselves.
    private static final int MAX_IDLE_TALK = 5_000;

    private static final int IDLE_TALK_PER_SECOND = 500;
    private static final int MAX_TRUST = 8;
    private static final int MIN_TRUST = -7;

    /// Half of the 120 s after which real clients give a silent peer up.
    static final long KEEP_ALIVE_NANOS = TimeUnit.SECONDS.toNanos(60);

    final PeerConnection connection;

    /// Where it is called; absent when it called us and is not known to listen anywhere.
    Optional<PeerAddress> calledAt;

    final BitSet pieces = new BitSet();

    /// Pieces of which it rejected blocks although it does not choke us: not asked for until it
    /// unchokes us anew, or for a while.
    final BitSet rejectedPieces = new BitSet();

    long lastRejectNanos;
    final RateMeter downRate;
    final RateMeter upRate;

    /// It told everything it has in one message: it counts as a seed in the availability.
    boolean joinedAsSeed;

    /// Pieces it has and we want.
    int wantedPieces;

    boolean weAreInterested;
    boolean weChokeIt = true;
    boolean itIsInterested;
    boolean itChokesUs = true;

    /// It was hung up on to make room and is no more counted.
    boolean gaveWay;

    /// It owes us blocks and has sent none for long.
    boolean isSnubbing;

    boolean isUploadOnly;

    /// It says that it would rather be called by MSE.
    boolean prefersEncryption;

    /// The length of the `info` dictionary, if it has it.
    Optional<Integer> metadataBytes = Optional.empty();

    /// What it claimed to have before the number of pieces was known.
    final EarlyClaims earlyClaims = new EarlyClaims();

    final AllowedFast allowedFast = new AllowedFast();
    final SuperSeeding.Shown shown;
    final HashErrand hashErrand = new HashErrand();
    final MetadataUpload metadata = new MetadataUpload();
    final PeerExchange.Exchanged exchange;
    Optional<String> client = Optional.empty();

    final long joinedNanos;

    /// Blocks came or were first asked for at this time.
    long lastProgressNanos;

    /// When it got or lost its slot.
    long chokeChangedNanos;

    long deliveredAtLastRound;
    long uploadedAtLastRound;

    /// Grows with every piece it took part in that was right, and falls twice as fast (libtorrent).
    private int trust;

    /// Messages that say nothing new.
    final FloodGate idleTalk;

    /// That it wants something, and that it does not: each time slots are divided anew.
    final FloodGate changesOfMind;

    /// What it has us hash.
    final FloodGate hashWork;

    /// Extended handshakes: ten a minute (BEP 10 allows several).
    final FloodGate introductions;

    final UnaskedAllowance unaskedBlocks = new UnaskedAllowance();

    /// Under which ids it takes extension messages.
    private final Map<Extension, Integer> theirIds = new EnumMap<>(Extension.class);

    /// Where it says it accepts callers.
    private Optional<Integer> listenPort = Optional.empty();

    private int theirQueue = USUAL_REQUEST_QUEUE;
    private int pipeline = MIN_PIPELINE;
    private boolean isSpeedingUp = true;
    private long rateAtLastTick;
    private long writesSeen;
    private long lastWriteNanos;

    Peer(PeerConnection connection, Optional<PeerAddress> calledAt, long nowNanos) {
        this.connection = connection;
        this.calledAt = calledAt;
        this.downRate = new RateMeter(nowNanos);
        this.upRate = new RateMeter(nowNanos);
        this.joinedNanos = nowNanos;
        this.lastProgressNanos = nowNanos;
        this.chokeChangedNanos = nowNanos;
        this.exchange = new PeerExchange.Exchanged(nowNanos);
        this.shown = new SuperSeeding.Shown(nowNanos);
        this.idleTalk = new FloodGate(MAX_IDLE_TALK, IDLE_TALK_PER_SECOND, nowNanos);
        this.changesOfMind = new FloodGate(100, 10, nowNanos);
        this.hashWork =
                new FloodGate(HashServer.BURST_BLOCKS, HashServer.BLOCKS_PER_SECOND, nowNanos);
        this.introductions = new FloodGate(10, 10.0 / 60, nowNanos);
        this.lastWriteNanos = nowNanos;
    }

    int number() {
        return connection.number();
    }

    /// It took part in a piece that is right.
    void trustMore() {
        trust = Math.min(trust + 1, MAX_TRUST);
    }

    /// It took part in a piece that is wrong.
    ///
    /// @return false when it is trusted no more
    boolean trustLess() {
        trust -= 2;
        return trust > MIN_TRUST;
    }

    /// It told about itself, perhaps not for the first time: what it does not mention stays as it
    /// was (BEP 10).
    void introduced(ExtendedHandshake extended) {
        client = extended.client().or(() -> client);
        extended.requestQueue().ifPresent(queue -> theirQueue = queue);
        metadataBytes = extended.metadataBytes().or(() -> metadataBytes);
        listenPort = extended.whereabouts().listenPort().or(() -> listenPort);
        isUploadOnly = extended.uploadOnly().orElse(isUploadOnly);
        prefersEncryption = extended.prefersEncryption().orElse(prefersEncryption);
        for (Extension extension : Extension.values()) {
            Integer id = extended.extensions().get(extension.wireName());
            if (id != null && id == 0) {
                theirIds.remove(extension);
            } else if (id != null) {
                theirIds.put(extension, id);
            }
        }
    }

    boolean takes(Extension extension) {
        return theirIds.containsKey(extension);
    }

    /// Sends an extension message, if the peer takes such: real clients hang up on others.
    void tell(ExtensionMessage message) {
        Integer id = theirIds.get(message.extension());
        if (id != null) {
            connection.say(new PeerMessage.Extended(id, message.encode()));
        }
    }

    /// Where it accepts callers, as far as we know: where we called it, or the port it names at the
    /// address it called from.
    Optional<PeerAddress> listensAt() {
        return calledAt.or(() ->
                listenPort.map(port ->
                        PeerAddress.of(connection.remote().getAddress().getAddress(), port)));
    }

    /// How many blocks may be under way: three seconds of the peer's rate. While the rate still
    /// grows every block that comes makes room for one more, as TCP's slow start does.
    int pipeline() {
        return isSnubbing ? 1 : Math.min(pipeline, Math.min(theirQueue, MAX_PIPELINE));
    }

    /// Whether a whole piece would come within libtorrent's `whole_pieces_threshold`, or fits into
    /// the pipeline.
    boolean deliversWholePieces(int pieceBytes) {
        return (long) pipeline() * PeerMessageCodec.BLOCK_BYTES >= pieceBytes
                || (!isSnubbing && downRate.bytesPerSecond() * WHOLE_PIECE_SECONDS >= pieceBytes);
    }

    void blockCame(long nowNanos) {
        lastProgressNanos = nowNanos;
        isSnubbing = false;
        if (isSpeedingUp && pipeline < MAX_PIPELINE) {
            pipeline++;
        }
    }

    void tick(long nowNanos) {
        downRate.update(connection.deliveredBytes(), nowNanos);
        upRate.update(connection.uploadedBytes(), nowNanos);
        long rate = downRate.bytesPerSecond();
        isSpeedingUp = rate > rateAtLastTick + rateAtLastTick / 10;
        rateAtLastTick = rate;
        if (!isSpeedingUp) {
            long wanted = rate * PIPELINE_SECONDS / PeerMessageCodec.BLOCK_BYTES;
            pipeline = Math.clamp(wanted, MIN_PIPELINE, MAX_PIPELINE);
        }
        keepAlive(nowNanos);
    }

    private void keepAlive(long nowNanos) {
        long writes = connection.writes();
        if (writes != writesSeen) {
            writesSeen = writes;
            lastWriteNanos = nowNanos;
        } else if (nowNanos - lastWriteNanos >= KEEP_ALIVE_NANOS) {
            lastWriteNanos = nowNanos;
            connection.say(new PeerMessage.KeepAlive());
        }
    }

    PeerSnapshot snapshot() {
        return new PeerSnapshot(
                connection.remote(),
                client,
                connection.protection(),
                connection.isIncoming(),
                pieces.cardinality(),
                connection.downloadedBytes(),
                connection.uploadedBytes(),
                downRate.bytesPerSecond(),
                upRate.bytesPerSecond(),
                itChokesUs,
                weChokeIt);
    }
}
