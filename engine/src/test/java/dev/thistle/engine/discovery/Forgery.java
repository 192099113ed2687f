package dev.thistle.engine.discovery;

import dev.thistle.net.Datagrams;
import dev.thistle.protocol.tracker.udp.UdpAnswer;
import dev.thistle.protocol.tracker.udp.UdpAnswerCodec;
import dev.thistle.protocol.tracker.udp.UdpRequest;
import dev.thistle.protocol.tracker.udp.UdpRequestCodec;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;

/// Answers with the right numbers from the wrong address.
final class Forgery {

    private Forgery() {}

    static void answer(Datagrams tracker, Datagrams forger) {
        ByteBuffer in = ByteBuffer.allocate(2_000);
        try {
            InetSocketAddress from = tracker.receive(in, Duration.ofMinutes(1)).orElseThrow();
            if (UdpRequestCodec.decode(in.flip()) instanceof UdpRequest.Connect(int tid)) {
                ByteBuffer out = ByteBuffer.allocate(100);
                UdpAnswerCodec.encode(new UdpAnswer.Connected(tid, 1), out);
                forger.send(out.flip(), from);
            }
        } catch (IOException over) {
            // the test is over
        }
    }
}
