package dev.thistle.engine.torrent;

import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.Sha256;
import dev.thistle.protocol.bencode.ByteString;
import dev.thistle.protocol.merkle.LayerRange;
import dev.thistle.protocol.peer.HashRange;
import dev.thistle.protocol.peer.PeerMessage;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// Asks peers for hashes and judges what they send (BEP 52). Every answer brings the proof up to
/// the file's root, so each is judged by itself: who sends a wrong one is banned. What is rejected,
/// or not answered in time, is asked of others.
///
/// Only those are asked who know the torrent by its v2 name: on another connection libtorrent takes
/// a hash message for a breach of the protocol. Owned by the torrent's thread.
final class HashRequests {

    /// Asked of one peer at a time.
    private static final int MAX_ASKED_OF_ONE = 4;

    /// An answer takes a peer no disk and little work; libtorrent waits as long.
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    /// How long a peer that rejected is asked for nothing.
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private record Wish(Predicate<Peer> knows, Consumer<ByteBuffer> use) {}

    private record Asked(int peer, long atNanos) {}

    private final Optional<InfoHash> v2Name;
    private final Swarm swarm;
    private final Map<HashRange, Wish> wishes = new HashMap<>();
    private final ArrayDeque<HashRange> waiting = new ArrayDeque<>();
    private final Map<HashRange, Asked> asked = new HashMap<>();
    private final Map<Integer, Long> pausedUntil = new HashMap<>();

    /// @param v2Name of the torrent; without one there is nothing to ask
    HashRequests(Optional<InfoHash> v2Name, Swarm swarm) {
        this.v2Name = v2Name;
        this.swarm = swarm;
    }

    /// Wants hashes, unless somebody does already.
    ///
    /// @param range with all of the proof
    /// @param knows who may have them
    /// @param use is given the hashes without the proof once they are here and right
    void want(HashRange range, Predicate<Peer> knows, Consumer<ByteBuffer> use) {
        if (wishes.putIfAbsent(range, new Wish(knows, use)) == null) {
            waiting.add(range);
        }
    }

    /// These hashes are of no use any more.
    void forget(HashRange range) {
        if (wishes.remove(range) != null) {
            waiting.remove(range);
            asked.remove(range);
        }
    }

    /// Whether this peer may bring what is wanted.
    boolean needs(Peer peer) {
        return !wishes.isEmpty() && mayAsk(peer);
    }

    private boolean mayAsk(Peer peer) {
        return !pausedUntil.containsKey(peer.number())
                && v2Name.filter(peer.connection.name()::equals).isPresent();
    }

    /// Asks whoever is free, and asks anew what was not answered in time.
    void tick(long nowNanos) {
        if (wishes.isEmpty()) {
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

    private void ask(Peer peer, long nowNanos) {
        if (waiting.isEmpty() || !mayAsk(peer)) {
            return;
        }
        long busy = asked.values().stream().filter(a -> a.peer() == peer.number()).count();
        for (Iterator<HashRange> all = waiting.iterator();
                all.hasNext() && busy < MAX_ASKED_OF_ONE; ) {
            HashRange range = all.next();
            Wish wish = wishes.get(range);
            if (wish != null && wish.knows().test(peer)) {
                all.remove();
                asked.put(range, new Asked(peer.number(), nowNanos));
                peer.connection.say(new PeerMessage.HashRequest(range));
                busy++;
            }
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
        Wish wish = wishes.get(range);
        if (by == null || by.peer() != peer.number() || wish == null) {
            return;
        }
        asked.remove(range);
        if (!areProven(range, hashes)) {
            waiting.addFirst(range);
            swarm.ban(peer.connection.remote().getAddress(), "sent wrong hashes");
            return;
        }
        wishes.remove(range);
        wish.use().accept(hashes.asBuffer().limit(range.length() * Sha256.BYTES));
        ask(peer, nowNanos);
    }

    private static boolean areProven(HashRange range, ByteString hashes) {
        var part =
                new LayerRange(
                        range.baseLayer(), range.index(), range.length(), range.proofLayers());
        return hashes.length() == part.hashCount() * Sha256.BYTES
                && part.top(hashes.asBuffer()).equals(Sha256.read(range.root().asBuffer()));
    }
}
