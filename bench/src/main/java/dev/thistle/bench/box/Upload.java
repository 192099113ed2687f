package dev.thistle.bench.box;

import dev.thistle.lab.host.Host;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/// One TCP connection that a stranger opens to a customer's odd port, as in the article: he says
/// something first, then the customer uploads without end. All of it looks encrypted.
final class Upload implements Closeable {

    private static final int PORT = 51_413;
    private static final int CHUNK_BYTES = 256 << 10;

    /// As long as a greeting of MSE without padding.
    private static final int GREETING_BYTES = 96;

    private static final long STOP_MILLIS = 1_000;

    private final SocketChannel customer;
    private final SocketChannel stranger;
    private final AtomicLong arrived = new AtomicLong();
    private final Thread sender = Thread.ofPlatform().daemon().name("sender").unstarted(this::send);
    private final Thread receiver =
            Thread.ofPlatform().daemon().name("receiver").unstarted(this::receive);

    private Upload(SocketChannel customer, SocketChannel stranger) {
        this.customer = customer;
        this.stranger = stranger;
    }

    /// Connects and begins.
    static Upload start(Host customer, Host outside) throws IOException {
        try (ServerSocketChannel server = customer.call(ServerSocketChannel::open)) {
            server.bind(customer.at(PORT));
            SocketChannel caller = outside.call(SocketChannel::open);
            caller.connect(customer.at(PORT));
            var upload = new Upload(server.accept(), caller);
            upload.sender.start();
            upload.receiver.start();
            return upload;
        }
    }

    private void send() {
        ByteBuffer chunk = noise(CHUNK_BYTES);
        try {
            customer.read(ByteBuffer.allocateDirect(GREETING_BYTES));
            while (true) {
                customer.write(chunk.rewind());
            }
        } catch (IOException _) {
            // Closed: that is how it ends.
        }
    }

    private void receive() {
        ByteBuffer room = ByteBuffer.allocateDirect(CHUNK_BYTES);
        try {
            stranger.write(noise(GREETING_BYTES));
            int bytes = stranger.read(room.clear());
            while (bytes >= 0) {
                arrived.addAndGet(bytes);
                bytes = stranger.read(room.clear());
            }
        } catch (IOException _) {
            // Closed: that is how it ends.
        }
    }

    private static ByteBuffer noise(int bytes) {
        byte[] random = new byte[bytes];
        new Random(bytes).nextBytes(random);
        return ByteBuffer.allocateDirect(bytes).put(random).flip();
    }

    /// Bytes that the stranger has read. Any thread.
    long arrivedBytes() {
        return arrived.get();
    }

    @Override
    public void close() throws IOException {
        customer.close();
        stranger.close();
        try {
            sender.join(STOP_MILLIS);
            receiver.join(STOP_MILLIS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
