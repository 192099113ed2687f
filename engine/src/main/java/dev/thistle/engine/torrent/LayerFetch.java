package dev.thistle.engine.torrent;

import dev.thistle.protocol.Sha256;
import dev.thistle.protocol.bencode.ByteString;
import dev.thistle.protocol.merkle.HashLayer;
import dev.thistle.protocol.merkle.LayerRange;
import dev.thistle.protocol.merkle.TreeShape;
import dev.thistle.protocol.metainfo.FileEntry;
import dev.thistle.protocol.metainfo.MetaVersion;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.peer.HashRange;
import dev.thistle.protocol.peer.PeerMessage;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// Fetches the piece layers that a v2 torrent lacks after a magnet link (BEP 52), 512 hashes a
/// request, from several peers. Every answer brings the proof up to the root, so each is judged by
/// itself: who sends a wrong one is banned. Owned by the torrent's thread.
final class LayerFetch {

    /// Asked of one peer at a time.
    private static final int MAX_ASKED_OF_ONE = 4;

    /// An answer takes a peer no disk and little work; libtorrent waits as long.
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    /// How long a peer that rejected is not asked for the same again.
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(5);

    /// A layer of which parts are here.
    private static final class Part {
        final ByteBuffer hashes;
        int missing;

        Part(int count, int ranges) {
            hashes = ByteBuffer.allocate(count * Sha256.BYTES);
            missing = ranges;
        }
    }

    private record Asked(int peer, long atNanos) {}

    private final Metainfo metainfo;
    private final KnownHashes known;
    private final Swarm swarm;
    private final ArrayDeque<HashRange> waiting = new ArrayDeque<>();
    private final Map<HashRange, Asked> asked = new HashMap<>();
    private final Map<Sha256, Part> parts = new HashMap<>();
    private final Map<Integer, Long> pausedUntil = new HashMap<>();

    LayerFetch(Metainfo metainfo, KnownHashes known, Swarm swarm) {
        this.metainfo = metainfo;
        this.known = known;
        this.swarm = swarm;
        if (metainfo.version() == MetaVersion.V2) {
            Set<Sha256> seen = new HashSet<>();
            for (FileEntry file : metainfo.files()) {
                if (file.lengthBytes() > metainfo.pieceLengthBytes()) {
                    Sha256 root = file.piecesRoot().orElseThrow();
                    if (known.layers().of(root).isEmpty() && seen.add(root)) {
                        want(root, TreeShape.ofFile(file.lengthBytes()));
                    }
                }
            }
        }
    }

    private void want(Sha256 root, TreeShape shape) {
        int level = TreeShape.pieceLevel(metainfo.pieceLengthBytes());
        int count = (int) shape.count(level);
        int ranges = 0;
        for (int index = 0; index < count; index += LayerRange.MAX_LENGTH) {
            int left = Math.min(LayerRange.MAX_LENGTH, count - index);
            int length = Math.max(2, Integer.highestOneBit(2 * left - 1)); // a power of two
            LayerRange range = LayerRange.proven(shape, level, index, length);
            waiting.add(
                    new HashRange(
                            ByteString.of(root.bytes()),
                            range.level(),
                            range.index(),
                            range.length(),
                            range.proofLayers()));
            ranges++;
        }
        parts.put(root, new Part(count, ranges));
    }

    /// Asks whoever is free, and asks anew what was not answered in time.
    void tick(long nowNanos) {
        if (parts.isEmpty()) {
            return;
        }
        asked.entrySet()
                .removeIf(entry -> {
                    boolean isLost =
                            swarm.peer(entry.getValue().peer()) == null
                                    || nowNanos - entry.getValue().atNanos() > PATIENCE_NANOS;
                    if (isLost) {
                        waiting.addFirst(entry.getKey());
                        pausedUntil.put(entry.getValue().peer(), nowNanos + PAUSE_NANOS);
                    }
                    return isLost;
                });
        pausedUntil.values().removeIf(until -> nowNanos - until >= 0);
        for (Peer peer : swarm.all()) {
            ask(peer, nowNanos);
        }
    }

    /// Asks one peer, if there is anything to ask.
    void ask(Peer peer, long nowNanos) {
        if (waiting.isEmpty() || pausedUntil.containsKey(peer.number())) {
            return;
        }
        long busy = asked.values().stream().filter(a -> a.peer() == peer.number()).count();
        for (; busy < MAX_ASKED_OF_ONE && !waiting.isEmpty(); busy++) {
            HashRange range = waiting.remove();
            asked.put(range, new Asked(peer.number(), nowNanos));
            peer.connection.say(new PeerMessage.HashRequest(range));
        }
    }

    /// A peer will not answer: others may.
    void rejected(Peer peer, HashRange range, long nowNanos) {
        Asked by = asked.get(range);
        if (by != null && by.peer() == peer.number()) {
            asked.remove(range);
            waiting.addLast(range);
            pausedUntil.put(peer.number(), nowNanos + PAUSE_NANOS);
        }
    }

    /// Hashes came. Those that nobody asked for, or that came late, are passed over.
    void received(Peer peer, HashRange range, ByteString hashes, long nowNanos) {
        Asked by = asked.get(range);
        if (by == null || by.peer() != peer.number()) {
            return;
        }
        asked.remove(range);
        Sha256 root = Sha256.read(range.root().asBuffer());
        var part =
                new LayerRange(
                        range.baseLayer(), range.index(), range.length(), range.proofLayers());
        if (hashes.length() != part.hashCount() * Sha256.BYTES
                || !part.top(hashes.asBuffer()).equals(root)) {
            waiting.addFirst(range);
            swarm.ban(peer.connection.remote().getAddress(), "sent wrong hashes");
            return;
        }
        keep(root, range, hashes.asBuffer());
        ask(peer, nowNanos);
    }

    private void keep(Sha256 root, HashRange range, ByteBuffer hashes) {
        Part part = parts.get(root);
        if (part == null) {
            return;
        }
        int from = range.index() * Sha256.BYTES;
        int bytes = Math.min(range.length() * Sha256.BYTES, part.hashes.capacity() - from);
        part.hashes.put(from, hashes, 0, bytes);
        part.missing--;
        if (part.missing == 0) {
            parts.remove(root);
            known.learn(root, HashLayer.of(range.baseLayer(), part.hashes));
        }
    }
}
