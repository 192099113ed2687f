package dev.thistle.engine;

import dev.thistle.protocol.PeerAddress;
import dev.thistle.protocol.metainfo.Magnet;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// The peers that a magnet link names (`x.pe` of BEP 9).
final class LinkPeers {

    private static final Logger LOG = System.getLogger(LinkPeers.class.getName());

    private LinkPeers() {}

    /// Looks each name up on a thread of its own, as a name server may take its time, and hands
    /// over what was found.
    static void lookUp(Magnet magnet, Consumer<List<PeerAddress>> torrent) {
        for (String peer : magnet.peers()) {
            Thread.ofVirtual().name("look-up").start(() -> torrent.accept(addresses(peer)));
        }
    }

    /// @param peer `host:port`, as the reader of links left it
    private static List<PeerAddress> addresses(String peer) {
        int colon = peer.lastIndexOf(':');
        try {
            int port = Integer.parseInt(peer.substring(colon + 1));
            String host = peer.substring(0, colon);
            return Stream.of(InetAddress.getAllByName(host))
                    .map(ip -> PeerAddress.of(ip.getAddress(), port))
                    .toList();
        } catch (UnknownHostException unknown) {
            LOG.log(Level.DEBUG, "peer {0} of a magnet link: no such host", peer);
            return List.of();
        }
    }
}
