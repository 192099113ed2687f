package dev.thistle.lab.background;

import dev.thistle.lab.host.Host;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import javax.net.ssl.SSLContext;

/// A host's HTTPS calls to [ObjectServer]s, and their count. Thread-safe.
final class Calls implements Closeable {

    private static final int PORTION_BYTES = 1 << 14;

    /// Over a line with a throttle of a few kbit/s, even a handshake takes a while.
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final HttpClient client;
    private final Tally tally;

    Calls(Host host, SSLContext trust, Tally tally) throws IOException {
        this.tally = tally;
        client =
                host.http(
                        HttpClient.newBuilder()
                                .version(HttpClient.Version.HTTP_1_1)
                                .connectTimeout(PATIENCE)
                                .sslContext(trust));
    }

    /// Fetches an object of this size to its last byte.
    void get(InetSocketAddress server, long size) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(uri(server, size)).timeout(PATIENCE).build();
        HttpResponse<InputStream> response = client.send(request, BodyHandlers.ofInputStream());
        long received = 0;
        try (InputStream body = response.body()) {
            byte[] portion = new byte[PORTION_BYTES];
            for (int bytes = body.read(portion); bytes >= 0; bytes = body.read(portion)) {
                received += bytes;
                tally.bytes(bytes);
            }
        }
        if (response.statusCode() != 200 || received != size) {
            throw new IOException(
                    "%s: status %d and %d bytes"
                            .formatted(uri(server, size), response.statusCode(), received));
        }
        tally.object();
    }

    /// Sends an object of this size at a pace.
    void put(InetSocketAddress server, long size, long bitsPerSecond)
            throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(uri(server, size))
                        .PUT(
                                BodyPublishers.fromPublisher(
                                        BodyPublishers.ofInputStream(
                                                () -> new PacedZeros(size, bitsPerSecond, tally)),
                                        size))
                        .build();
        int status = client.send(request, BodyHandlers.discarding()).statusCode();
        if (status != 204) {
            throw new IOException("%s: status %d".formatted(uri(server, size), status));
        }
        tally.object();
    }

    private static URI uri(InetSocketAddress server, long size) {
        return URI.create(
                "https://%s:%d/%d"
                        .formatted(server.getAddress().getHostAddress(), server.getPort(), size));
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
