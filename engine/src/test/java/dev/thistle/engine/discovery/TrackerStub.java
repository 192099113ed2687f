package dev.thistle.engine.discovery;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;

/// A tracker on the JDK's own HTTP server, which answers as it is told and keeps every request
/// line.
final class TrackerStub implements Closeable {

    /// What it does with an exchange; it is closed afterwards.
    interface Behaviour {
        void answer(HttpExchange exchange) throws IOException;
    }

    private static final byte[] NO_PEERS =
            "d8:intervali1800e5:peers0:e".getBytes(StandardCharsets.US_ASCII);

    /// Path and query of the requests so far, oldest first.
    final BlockingQueue<String> requests = new LinkedBlockingQueue<>();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private volatile Behaviour behaviour = exchange -> reply(exchange, 200, NO_PEERS);

    TrackerStub() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext(
                "/",
                exchange -> {
                    try (exchange) {
                        requests.add(exchange.getRequestURI().toString());
                        behaviour.answer(exchange);
                    }
                });
        server.start();
    }

    String url(String path) {
        return "http://127.0.0.1:%d%s".formatted(server.getAddress().getPort(), path);
    }

    void behave(Behaviour next) {
        behaviour = next;
    }

    void reply(int status, String body) {
        behave(exchange -> reply(exchange, status, body.getBytes(StandardCharsets.ISO_8859_1)));
    }

    static void reply(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    static void redirect(HttpExchange exchange, String location) throws IOException {
        exchange.getResponseHeaders().add("Location", location);
        exchange.sendResponseHeaders(302, -1);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
