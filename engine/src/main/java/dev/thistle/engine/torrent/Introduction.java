package dev.thistle.engine.torrent;

import dev.thistle.engine.limits.HomeNetwork;
import dev.thistle.engine.peers.PeerConnection;
import dev.thistle.engine.settings.EncryptionPolicy.Level;
import dev.thistle.protocol.bencode.ByteString;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.peer.ExtendedHandshake;
import dev.thistle.protocol.peer.ExtendedHandshake.Whereabouts;
import dev.thistle.protocol.peer.Extension;
import dev.thistle.protocol.peer.PeerMessage;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// What every peer hears first: who we are (BEP 10) and what we have (BEP 3, BEP 6); and what it
/// says of itself.
final class Introduction {

    private final Surroundings around;
    private final boolean prefersEncryption;

    /// @param incoming what callers of the torrent have to expect
    Introduction(Surroundings around, Level incoming) {
        this.around = around;
        prefersEncryption = incoming == Level.PREFER || incoming == Level.REQUIRE;
    }

    /// Says who we are, and again when that has changed.
    ///
    /// @param metainfo if it is known
    /// @param isUploadOnly whether we want nothing (BEP 21)
    void ofUs(Peer peer, Optional<Metainfo> metainfo, boolean isUploadOnly) {
        if (peer.connection.supportsExtensions()) {
            var extended = extended(peer.connection, metainfo, isUploadOnly);
            peer.connection.say(new PeerMessage.Extended(0, extended.encode()));
        }
    }

    /// A peer says who it is, and by which address it sees us. It may say so several times, but not
    /// without end.
    ///
    /// @return false if it is hung up on
    boolean ofThem(Peer peer, ExtendedHandshake extended, long nowNanos) {
        if (!peer.introductions.pass(nowNanos)) {
            peer.connection.close("introduces itself more than ten times a minute");
            return false;
        }
        peer.introduced(extended);
        InetAddress from = peer.connection.remote().getAddress();
        if (!HomeNetwork.contains(from)) {
            extended.whereabouts()
                    .yourIp()
                    .ifPresent(ip -> around.external().vote(from, ip.bytes()));
        }
        return true;
    }

    /// Says what we have.
    static void ofPieces(PeerConnection connection, BitSet have, int pieceCount) {
        if (connection.supportsFast() && have.cardinality() == pieceCount) {
            connection.say(new PeerMessage.HaveAll());
        } else if (!have.isEmpty()) {
            connection.say(new PeerMessage.Bitfield(bits(have, pieceCount)));
        } else if (connection.supportsFast()) {
            connection.say(new PeerMessage.HaveNone());
        }
    }

    private ExtendedHandshake extended(
            PeerConnection connection, Optional<Metainfo> metainfo, boolean isUploadOnly) {
        boolean isPrivate = metainfo.map(Metainfo::isPrivate).orElse(false);
        return new ExtendedHandshake(
                offer(isPrivate),
                whereabouts(connection),
                Optional.of(around.userAgent()),
                Optional.of(ExtendedHandshake.MAX_REQUEST_QUEUE),
                metainfo.filter(known -> !isPrivate).map(known -> known.infoBytes().remaining()),
                onlyIf(prefersEncryption),
                onlyIf(isUploadOnly));
    }

    /// What is not said is taken for false.
    private static Optional<Boolean> onlyIf(boolean holds) {
        return holds ? Optional.of(true) : Optional.empty();
    }

    /// Private torrents exchange no peers (BEP 27) and, as with Transmission, no metadata.
    private static Map<String, Integer> offer(boolean isPrivate) {
        var offer = new HashMap<String, Integer>();
        for (Extension extension : Extension.values()) {
            boolean tellsOthers =
                    extension == Extension.UT_PEX || extension == Extension.UT_METADATA;
            if (!isPrivate || !tellsOthers) {
                offer.put(extension.wireName(), extension.id());
            }
        }
        return offer;
    }

    private Whereabouts whereabouts(PeerConnection connection) {
        int port = around.listenPort();
        return new Whereabouts(
                port == 0 ? Optional.empty() : Optional.of(port),
                Optional.of(ByteString.of(connection.remote().getAddress().getAddress())),
                Optional.empty(),
                Optional.empty());
    }

    private static ByteBuffer bits(BitSet have, int pieceCount) {
        byte[] bits = new byte[Math.ceilDiv(pieceCount, 8)];
        have.stream().forEach(piece -> bits[piece / 8] |= (byte) (0x80 >> (piece % 8)));
        return ByteBuffer.wrap(bits);
    }
}
