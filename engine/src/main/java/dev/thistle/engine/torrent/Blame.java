package dev.thistle.engine.torrent;

import dev.thistle.engine.event.SessionEvent;
import dev.thistle.engine.pieces.PieceAssembly;
import dev.thistle.protocol.metainfo.Metainfo;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;

/// Who pays for a piece that failed. Its only sender is shut out. Of several each is trusted less;
/// the picker tries one alone next, and once the piece is right its blocks tell who lied, if hashes
/// of its blocks have not told before. Web seeds pay like peers.
///
/// Owned by the torrent's thread.
final class Blame {

    /// Peers that are gone and still answer for what they sent; the first is forgotten.
    static final int MAX_DEPARTED = 1_000;

    private final Metainfo metainfo;
    private final Swarm swarm;
    private final ObjIntConsumer<String> endWebSeed;
    private final Consumer<SessionEvent> events;
    private final Suspicions suspicions = new Suspicions();
    private final BadBlocks badBlocks;
    private final Map<Integer, Sender> departed = new LinkedHashMap<>();

    /// @param endWebSeed takes why a web seed is to be used no more, and its number
    Blame(
            Metainfo metainfo,
            HashRequests hashes,
            Swarm swarm,
            ObjIntConsumer<String> endWebSeed,
            Consumer<SessionEvent> events) {
        this.metainfo = metainfo;
        this.swarm = swarm;
        this.endWebSeed = endWebSeed;
        this.events = events;
        badBlocks = new BadBlocks(metainfo, hashes, this::shutOut);
    }

    /// Whether the digests of a piece's blocks will be wanted even if it is right.
    boolean isSuspect(int piece) {
        return suspicions.isSuspect(piece);
    }

    /// @param byBlock who sent each block, as the picker numbers them; negative if not known
    /// @param all each of them once
    void failed(PieceAssembly assembly, int[] byBlock, List<Integer> all) {
        int piece = assembly.piece();
        if (all.size() > 1) {
            @Nullable Sender[] senders = senders(byBlock);
            suspicions.failed(piece, senders, assembly.blockDigests());
            assembly.leaves().ifPresent(leaves -> badBlocks.failed(piece, senders, leaves));
        }
        for (int number : all) {
            Peer peer = swarm.peer(number);
            boolean isTrusted = peer == null || peer.trustLess();
            Sender sender = sender(number);
            if (sender != null && (!isTrusted || all.size() == 1)) {
                shutOut(sender, "sent a bad piece %d".formatted(piece));
            }
        }
    }

    /// @param all who sent parts of the piece
    void verified(PieceAssembly assembly, List<Integer> all) {
        int piece = assembly.piece();
        for (int number : all) {
            Peer peer = swarm.peer(number);
            if (peer != null) {
                peer.trustMore();
            }
        }
        badBlocks.verified(piece);
        suspicions
                .verified(piece, assembly.blockDigests())
                .forEach(liar -> shutOut(liar, "sent bad blocks of piece %d".formatted(piece)));
    }

    /// A peer is gone, and with it its number; its address is remembered if it sent anything.
    void left(Peer peer) {
        if (peer.connection.deliveredBytes() > 0) {
            departed.put(peer.number(), host(peer));
            if (departed.size() > MAX_DEPARTED) {
                departed.remove(departed.keySet().iterator().next());
            }
        }
    }

    private @Nullable Sender[] senders(int[] numbers) {
        var senders = new @Nullable Sender[numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            senders[i] = sender(numbers[i]);
        }
        return senders;
    }

    private @Nullable Sender sender(int number) {
        if (WebSeeds.isNumber(number)) {
            return new Sender.Web(number);
        }
        Peer peer = swarm.peer(number);
        return peer == null ? departed.get(number) : host(peer);
    }

    private static Sender host(Peer peer) {
        return new Sender.Host(peer.connection.remote().getAddress());
    }

    private void shutOut(Sender sender, String reason) {
        switch (sender) {
            case Sender.Web(int number) -> endWebSeed.accept(reason, number);
            case Sender.Host(InetAddress address) -> {
                swarm.ban(address, reason);
                events.accept(new SessionEvent.PeerBanned(metainfo.infoHash(), address, reason));
            }
        }
    }
}
