package dev.thistle.bench.greeting;

import dev.thistle.engine.peers.Greeter;
import dev.thistle.net.Link;
import dev.thistle.net.TcpNetwork;
import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.PeerId;
import dev.thistle.protocol.mse.CryptoMethod;
import dev.thistle.protocol.mse.PadPolicy;
import dev.thistle.protocol.peer.Handshake;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;

/// Calls [HandshakeRate] over and over, for as long as it answers.
final class HandshakeCallers {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private HandshakeCallers() {}

    /// `PORT CALLERS`
    public static void main(String[] arguments) {
        var target =
                new InetSocketAddress(
                        InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0]));
        List<InfoHash> torrents = HandshakeRate.torrents();
        try (var network = new TcpNetwork();
                var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int caller = 0; caller < Integer.parseInt(arguments[1]); caller++) {
                var random = new SplittableRandom(caller);
                callers.execute(() -> call(network, target, torrents, random));
            }
        }
    }

    private static void call(
            TcpNetwork network,
            InetSocketAddress target,
            List<InfoHash> torrents,
            SplittableRandom random) {
        var greeter = new Greeter(PadPolicy.RANDOM, random, PATIENCE);
        PeerId ourId = PeerId.random("-YY0100-", random);
        while (true) {
            InfoHash torrent = torrents.get(random.nextInt(torrents.size()));
            try (Link link = network.connect(target, PATIENCE)) {
                var ours = new Handshake(0, torrent, ourId);
                greeter.callMse(link, ours, List.of(torrent), EnumSet.of(CryptoMethod.RC4));
            } catch (IOException over) {
                return;
            }
        }
    }
}
