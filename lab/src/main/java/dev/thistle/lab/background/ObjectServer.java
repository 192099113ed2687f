package dev.thistle.lab.background;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.thistle.lab.host.Host;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;

/// An HTTPS server of objects that are as large as their name says: `GET /20000` answers with 20
/// 000 bytes. `PUT` takes anything and forgets it.
public final class ObjectServer implements Activity {

    /// The largest object; a customer's line of 100 Mbit/s is busy for a minute and a half with it.
    public static final long MAX_OBJECT_BYTES = 1L << 30;

    /// A TLS record holds this much (RFC 8446, 5.1).
    private static final int PORTION_BYTES = 1 << 14;

    private static final int MAX_NAME_DIGITS = 10;
    private static final int NO_BODY = -1;

    private final HttpsServer server;
    private final long bitsPerSecond;
    private final Tally tally = new Tally();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /// Starts to serve.
    ///
    /// @param port 443, or 0 for any free one
    /// @param identity what it presents
    /// @param bitsPerSecond how fast it sends one object
    public ObjectServer(Host host, int port, SSLContext identity, long bitsPerSecond)
            throws IOException {
        this.bitsPerSecond = bitsPerSecond;
        server = host.call(() -> HttpsServer.create(host.at(port), 0));
        server.setHttpsConfigurator(new HttpsConfigurator(identity));
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
    }

    /// Where it listens.
    public int port() {
        return server.getAddress().getPort();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            switch (exchange.getRequestMethod()) {
                case "GET" -> send(exchange);
                case "PUT" -> take(exchange);
                default -> exchange.sendResponseHeaders(405, NO_BODY);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("serving ended");
        }
    }

    private void send(HttpExchange exchange) throws IOException, InterruptedException {
        long size = size(exchange.getRequestURI().getPath());
        if (size < 0) {
            exchange.sendResponseHeaders(404, NO_BODY);
            return;
        }
        exchange.sendResponseHeaders(200, size == 0 ? NO_BODY : size);
        if (size > 0) {
            try (OutputStream out = exchange.getResponseBody()) {
                send(out, size);
            }
        }
        tally.object();
    }

    private void send(OutputStream out, long size) throws IOException, InterruptedException {
        var pace = new Pace(bitsPerSecond);
        byte[] portion = new byte[PORTION_BYTES];
        for (long left = size; left > 0; ) {
            int bytes = (int) Math.min(left, portion.length);
            out.write(portion, 0, bytes);
            tally.bytes(bytes);
            left -= bytes;
            pace.spend(bytes);
        }
    }

    private void take(HttpExchange exchange) throws IOException {
        byte[] portion = new byte[PORTION_BYTES];
        InputStream in = exchange.getRequestBody();
        for (int bytes = in.read(portion); bytes >= 0; bytes = in.read(portion)) {
            tally.bytes(bytes);
        }
        exchange.sendResponseHeaders(204, NO_BODY);
        tally.object();
    }

    /// What the path names; -1 if it is no object.
    private static long size(String path) {
        if (!path.matches("/[0-9]{1," + MAX_NAME_DIGITS + "}")) {
            return -1;
        }
        long size = Long.parseLong(path.substring(1));
        return size > MAX_OBJECT_BYTES ? -1 : size;
    }

    @Override
    public Progress progress() {
        return tally.progress();
    }

    @Override
    public void close() {
        threads.shutdownNow();
        server.stop(0);
        threads.close();
    }
}
