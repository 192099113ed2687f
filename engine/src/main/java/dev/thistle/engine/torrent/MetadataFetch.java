package dev.thistle.engine.torrent;

import dev.thistle.protocol.bencode.ByteString;
import dev.thistle.protocol.peer.ExtensionMessage.MetadataBlock;
import dev.thistle.protocol.peer.MetadataCodec;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Puts the `info` dictionary together from blocks of several peers (BEP 9): whom to ask for what,
/// and whom to blame when the whole does not have the right hash.
///
/// Nobody vouches for the length, so blocks are collected for each length that is claimed. When a
/// whole is wrong that several peers gave blocks of, each of them is from then on collected from
/// alone: so a liar spoils no second attempt of others, and is known for certain by its own.
///
/// Pure; owned by the torrent's thread. Peers are the numbers of their connections.
final class MetadataFetch {

    /// Requests under way to one peer: rtorrent 0.9.8 that gets a second before it has sent the
    /// answer to the first reads nothing any more.
    static final int MAX_ASKED = 1;

    /// A block that did not come within this time is asked of another peer as well.
    static final long IMPATIENCE_NANOS = TimeUnit.SECONDS.toNanos(3);

    /// A request that was not answered for so long is lost, and may be made again.
    static final long LOST_NANOS = TimeUnit.SECONDS.toNanos(20);

    /// How long a peer is left alone after it rejected a request: libtorrent's minute.
    static final long REJECTED_NANOS = TimeUnit.SECONDS.toNanos(60);

    /// Held at most for all claimed lengths together: two dictionaries of the largest size.
    static final long MAX_HELD_BYTES = 2L * MetadataCodec.MAX_INFO_BYTES;

    /// What belongs together: blocks of a dictionary that is so long, of all peers or of one alone.
    private record Claim(int totalBytes, int aloneFrom) {
        static final int ANYBODY = -1;
    }

    private static final class Collection {
        final Map<Integer, ByteString> blocks = new TreeMap<>();
        final Set<Integer> senders = new HashSet<>();

        long heldBytes() {
            return (long) blocks.size() * MetadataCodec.BLOCK_BYTES;
        }
    }

    private static final class Source {
        final Map<Integer, Long> askedAtNanos = new HashMap<>();
        int totalBytes;
        boolean isSuspect;
        boolean isPaused;
        long pausedAtNanos;
    }

    private final Map<Integer, Source> sources = new HashMap<>();
    private final Map<Claim, Collection> collections = new HashMap<>();

    /// A peer says how long the dictionary is, and so that it has it.
    ///
    /// @param totalBytes 1 to [MetadataCodec#MAX_INFO_BYTES]
    void offered(int peer, int totalBytes) {
        Source source = sources.computeIfAbsent(peer, _ -> new Source());
        if (source.totalBytes != totalBytes) {
            source.totalBytes = totalBytes;
            source.askedAtNanos.clear();
        }
    }

    void left(int peer) {
        Source source = sources.remove(peer);
        if (source != null && source.isSuspect) {
            collections.remove(new Claim(source.totalBytes, peer));
        }
    }

    /// Which blocks to ask this peer for now. They count as asked.
    List<Integer> ask(int peer, long nowNanos) {
        Source source = sources.get(peer);
        if (source == null
                || (source.isPaused && nowNanos - source.pausedAtNanos < REJECTED_NANOS)) {
            return List.of();
        }
        source.askedAtNanos.values().removeIf(asked -> nowNanos - asked >= LOST_NANOS);
        var asked = new ArrayList<Integer>();
        Claim claim = claim(peer, source);
        Collection collection = collections.get(claim);
        int count = MetadataCodec.blockCount(source.totalBytes);
        for (int block = 0; block < count && source.askedAtNanos.size() < MAX_ASKED; block++) {
            boolean isHere = collection != null && collection.blocks.containsKey(block);
            if (!isHere
                    && !source.askedAtNanos.containsKey(block)
                    && !isUnderWay(claim, block, nowNanos)) {
                source.askedAtNanos.put(block, nowNanos);
                asked.add(block);
            }
        }
        return asked;
    }

    private static Claim claim(int peer, Source source) {
        return new Claim(source.totalBytes, source.isSuspect ? peer : Claim.ANYBODY);
    }

    private boolean isUnderWay(Claim claim, int block, long nowNanos) {
        for (var entry : sources.entrySet()) {
            Long askedAt = entry.getValue().askedAtNanos.get(block);
            if (askedAt != null
                    && nowNanos - askedAt < IMPATIENCE_NANOS
                    && claim(entry.getKey(), entry.getValue()).equals(claim)) {
                return true;
            }
        }
        return false;
    }

    /// A block came. One that this peer was not asked for, or that is not of the length it claimed,
    /// is not kept.
    ///
    /// @return the whole dictionary, when this was its last block; call [#wasWrong] if it is not
    ///   the right one
    Optional<Whole> received(int peer, MetadataBlock block) {
        Source source = sources.get(peer);
        if (source == null
                || source.totalBytes != block.totalBytes()
                || source.askedAtNanos.remove(block.block()) == null) {
            return Optional.empty();
        }
        Claim claim = claim(peer, source);
        Collection collection = collections.computeIfAbsent(claim, _ -> new Collection());
        if (collection.blocks.putIfAbsent(block.block(), block.data()) == null) {
            collection.senders.add(peer);
            keepToBudget(claim);
        }
        if (collection.blocks.size() < MetadataCodec.blockCount(block.totalBytes())) {
            return Optional.empty();
        }
        collections.remove(claim);
        ByteBuffer info = ByteBuffer.allocate(block.totalBytes());
        collection.blocks.values().forEach(data -> info.put(data.asBuffer()));
        return Optional.of(new Whole(info.flip(), Set.copyOf(collection.senders)));
    }

    /// All blocks in a row.
    ///
    /// @param senders who gave them
    record Whole(ByteBuffer info, Set<Integer> senders) {}

    /// Throws away what most memory is held for, but not what is being collected right now.
    private void keepToBudget(Claim current) {
        if (heldBytes() > MAX_HELD_BYTES) {
            collections.keySet().stream()
                    .filter(claim -> !claim.equals(current))
                    .max(Comparator.comparingLong(claim -> held(claim).heldBytes()))
                    .ifPresent(collections::remove);
        }
    }

    /// All that is held of blocks, counted as if each were full.
    long heldBytes() {
        return collections.values().stream().mapToLong(Collection::heldBytes).sum();
    }

    private Collection held(Claim claim) {
        @Nullable Collection held = collections.get(claim);
        return held == null ? new Collection() : held;
    }

    /// What was put together does not have the right hash.
    ///
    /// @return the liar, if only one peer can be it
    Optional<Integer> wasWrong(Whole whole) {
        if (whole.senders().size() == 1) {
            return Optional.of(whole.senders().iterator().next());
        }
        for (int sender : whole.senders()) {
            Source source = sources.get(sender);
            if (source != null) {
                source.isSuspect = true;
                source.askedAtNanos.clear();
            }
        }
        return Optional.empty();
    }

    /// A peer will not send this block, nor others for a while.
    void rejected(int peer, int block, long nowNanos) {
        Source source = sources.get(peer);
        if (source != null && source.askedAtNanos.remove(block) != null) {
            source.isPaused = true;
            source.pausedAtNanos = nowNanos;
        }
    }

    /// How many blocks the collection that is nearest to its end has.
    int blocksHere() {
        return nearest().map(claim -> held(claim).blocks.size()).orElse(0);
    }

    /// How many it needs; 0 while no peer has said.
    int blocksNeeded() {
        return nearest()
                .map(Claim::totalBytes)
                .or(() -> sources.values().stream().map(source -> source.totalBytes).findFirst())
                .map(MetadataCodec::blockCount)
                .orElse(0);
    }

    private Optional<Claim> nearest() {
        return collections.keySet().stream()
                .max(Comparator.comparingInt(claim -> held(claim).blocks.size()));
    }
}
