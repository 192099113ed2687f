package dev.thistle.engine.discovery;

import dev.thistle.net.ClosedException;
import dev.thistle.net.Datagrams;
import dev.thistle.net.Network;
import dev.thistle.protocol.PeerAddress;
import dev.thistle.protocol.tracker.SwarmCounts;
import dev.thistle.protocol.tracker.udp.UdpAnswer;
import dev.thistle.protocol.tracker.udp.UdpAnswerCodec;
import dev.thistle.protocol.tracker.udp.UdpRequest;
import dev.thistle.protocol.tracker.udp.UdpRequestCodec;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/// A UDP tracker that knows one peer, gives everybody the same connection id and keeps every
/// request.
final class UdpTrackerStub implements Closeable {

    static final PeerAddress PEER = PeerAddress.of(new byte[] {10, 0, 0, 99}, 6881);
    static final long CONNECTION = 4711;

    final BlockingQueue<UdpRequest> requests = new LinkedBlockingQueue<>();

    /// What it refuses with, if anything.
    volatile Optional<String> refusal = Optional.empty();

    private final Datagrams port;

    UdpTrackerStub(Network network, InetSocketAddress local) throws IOException {
        port = network.datagrams(local);
        Thread.ofVirtual().name("udp-tracker-stub").start(this::serve);
    }

    String url(String path) {
        InetSocketAddress local = port.local();
        return "udp://%s:%d%s"
                .formatted(local.getAddress().getHostAddress(), local.getPort(), path);
    }

    private void serve() {
        ByteBuffer in = ByteBuffer.allocate(65_536);
        ByteBuffer out = ByteBuffer.allocate(2_000);
        try {
            while (true) {
                Optional<InetSocketAddress> from = port.receive(in.clear(), Duration.ofHours(1));
                if (from.isPresent()) {
                    UdpRequest request = UdpRequestCodec.decode(in.flip());
                    requests.add(request);
                    UdpAnswerCodec.encode(answer(request), out.clear());
                    port.send(out.flip(), from.get());
                }
            }
        } catch (ClosedException over) {
            // the test is over
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private UdpAnswer answer(UdpRequest request) {
        return switch (request) {
            case UdpRequest.Connect(int tid) -> new UdpAnswer.Connected(tid, CONNECTION);
            case UdpRequest.Announce announce when refusal.isPresent() ->
                    new UdpAnswer.Refused(announce.transactionId(), refusal.get());
            case UdpRequest.Announce announce ->
                    new UdpAnswer.Announced(announce.transactionId(), 1800, 3, 4, List.of(PEER));
            case UdpRequest.Scrape(_, int tid, _) ->
                    new UdpAnswer.Scraped(tid, List.of(new SwarmCounts(4, 3, 9, -1)));
            case UdpRequest.Malformed(String reason) -> throw new IllegalStateException(reason);
        };
    }

    @Override
    public void close() {
        port.close();
    }
}
