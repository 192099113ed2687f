package dev.thistle.net.http;

import dev.thistle.net.ClosedException;
import dev.thistle.net.Link;
import dev.thistle.net.Listener;
import dev.thistle.net.Network;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;

/// A web server that says what it is told to, byte for byte, one script a request; after the last
/// one of a connection it hangs up.
final class ScriptedServer implements Closeable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /// What it was asked, heads with their blank line.
    final BlockingQueue<String> requests = new LinkedBlockingQueue<>();

    private final Listener listener;
    private final List<Link> links = new CopyOnWriteArrayList<>();

    /// @param scripts Latin-1, said to one connection after one request each
    ScriptedServer(Network network, InetSocketAddress local, String... scripts) throws IOException {
        listener = network.listen(local);
        Thread.ofVirtual().start(() -> serve(scripts));
    }

    InetSocketAddress address() {
        return listener.address();
    }

    private void serve(String... scripts) {
        try {
            while (true) {
                Link link = listener.accept();
                links.add(link);
                for (String script : scripts) {
                    requests.add(head(link));
                    link.write(
                            ByteBuffer.wrap(script.getBytes(StandardCharsets.ISO_8859_1)),
                            PATIENCE);
                }
                link.close();
            }
        } catch (ClosedException over) {
            // the test is over
        } catch (IOException hungUp) {
            requests.add("the client hung up: " + hungUp.getMessage());
        }
    }

    private static String head(Link link) throws IOException {
        var head = new StringBuilder();
        ByteBuffer next = ByteBuffer.allocate(1);
        while (!head.toString().endsWith("\r\n\r\n") && link.read(next.clear(), PATIENCE) > 0) {
            head.append((char) next.get(0));
        }
        return head.toString();
    }

    @Override
    public void close() {
        listener.close();
        links.forEach(Link::close);
    }
}
