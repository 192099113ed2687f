package dev.thistle.engine.torrent;

import dev.thistle.engine.peers.PeerConnection;
import dev.thistle.engine.settings.EncryptionPolicy.Level;
import dev.thistle.engine.torrent.TorrentLoop.Surroundings;
import dev.thistle.protocol.bencode.ByteString;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.peer.ExtendedHandshake;
import dev.thistle.protocol.peer.ExtendedHandshake.Whereabouts;
import dev.thistle.protocol.peer.PeerMessage;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.Map;
import java.util.Optional;

/// What every peer hears first: who we are (BEP 10) and what we have (BEP 3, BEP 6).
final class Introduction {

    private Introduction() {}

    /// @param have the pieces that are here
    static void say(
            PeerConnection connection, Metainfo metainfo, BitSet have, Surroundings around) {
        boolean isComplete = have.cardinality() == metainfo.pieceCount();
        if (connection.supportsExtensions()) {
            connection.say(
                    new PeerMessage.Extended(0, extended(connection, around, isComplete).encode()));
        }
        if (connection.supportsFast() && isComplete) {
            connection.say(new PeerMessage.HaveAll());
        } else if (!have.isEmpty()) {
            connection.say(new PeerMessage.Bitfield(bits(have, metainfo.pieceCount())));
        } else if (connection.supportsFast()) {
            connection.say(new PeerMessage.HaveNone());
        }
    }

    private static ExtendedHandshake extended(
            PeerConnection connection, Surroundings around, boolean isComplete) {
        Level incoming = around.incoming().level();
        return new ExtendedHandshake(
                Map.of(),
                new Whereabouts(
                        around.listenPort() == 0
                                ? Optional.empty()
                                : Optional.of(around.listenPort()),
                        Optional.of(ByteString.of(connection.remote().getAddress().getAddress())),
                        Optional.empty(),
                        Optional.empty()),
                Optional.of(around.userAgent()),
                Optional.of(ExtendedHandshake.MAX_REQUEST_QUEUE),
                Optional.empty(),
                incoming == Level.PREFER || incoming == Level.REQUIRE,
                isComplete);
    }

    private static ByteBuffer bits(BitSet have, int pieceCount) {
        byte[] bits = new byte[Math.ceilDiv(pieceCount, 8)];
        have.stream().forEach(piece -> bits[piece / 8] |= (byte) (0x80 >> (piece % 8)));
        return ByteBuffer.wrap(bits);
    }
}
