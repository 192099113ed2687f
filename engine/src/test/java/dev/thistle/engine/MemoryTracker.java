package dev.thistle.engine;

import dev.thistle.net.Link;
import dev.thistle.net.Listener;
import dev.thistle.net.MemoryNetwork;
import dev.thistle.protocol.bencode.BencodeValue.Dict;
import dev.thistle.protocol.bencode.BencodeWriter;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/// A tracker on the network in memory, which answers as it is told and keeps every request line.
final class MemoryTracker implements Closeable {

    /// Nobody is there, and half an hour is to be waited.
    static final Dict NOBODY =
            Dict.builder()
                    .put("complete", 0)
                    .put("incomplete", 0)
                    .put("interval", 1800)
                    .put("peers", "")
                    .build();

    /// Oldest first.
    final BlockingQueue<String> requests = new LinkedBlockingQueue<>();

    private final Listener listener;
    private volatile Dict answer = NOBODY;

    MemoryTracker(MemoryNetwork.Host host) throws IOException {
        listener = host.listen(new InetSocketAddress(host.ip(), 80));
        Thread.ofVirtual().start(this::serve);
    }

    String url() {
        return "http://%s:80/announce".formatted(listener.address().getAddress().getHostAddress());
    }

    void answer(Dict next) {
        answer = next;
    }

    private void serve() {
        try {
            while (true) {
                try (Link link = listener.accept()) {
                    requests.add(request(link));
                    byte[] body = BencodeWriter.write(answer);
                    byte[] head =
                            "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n"
                                    .formatted(body.length)
                                    .getBytes(StandardCharsets.US_ASCII);
                    ByteBuffer reply = ByteBuffer.allocate(head.length + body.length);
                    link.write(reply.put(head).put(body).flip(), RawPeer.PATIENCE);
                }
            }
        } catch (IOException over) {
            // the test is over
        }
    }

    private static String request(Link link) throws IOException {
        var text = new StringBuilder();
        ByteBuffer in = ByteBuffer.allocate(4096);
        while (text.indexOf("\r\n\r\n") < 0 && link.read(in.clear(), RawPeer.PATIENCE) >= 0) {
            text.append(StandardCharsets.ISO_8859_1.decode(in.flip()));
        }
        return text.toString().lines().findFirst().orElse("");
    }

    @Override
    public void close() {
        listener.close();
    }
}
