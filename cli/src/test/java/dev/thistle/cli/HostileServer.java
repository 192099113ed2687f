package dev.thistle.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// A web server on loopback that answers each path with another kind of nonsense.
final class HostileServer implements Closeable {

    private final HttpServer server;
    private final ServerSocket silent;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final List<String> queries = new CopyOnWriteArrayList<>();

    HostileServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        server.setExecutor(threads);
        answer("/html", 200, "<html><script>alert(1)</script></html>");
        answer("/missing", 404, "<html>not here</html>");
        answer("/empty", 200, "");
        answer("/garbage", 200, "d8:intervali\u0000\u001b[2J");
        answer(
                "/reason",
                200,
                "d14:failure reason23:no \u001b]0;owned\u0007\u001b[31mway\u001b[0me");
        answer("/nobody", 200, "d8:intervali1800e5:peers0:e");
        server.createContext("/circle", exchange -> redirect(exchange, "/circle"));
        server.createContext("/elsewhere", exchange -> redirect(exchange, "file:///etc/passwd"));
        server.createContext("/endless", HostileServer::endless);
        server.createContext("/stalling", this::stall);
        server.start();
    }

    private void answer(String path, int status, String body) {
        server.createContext(
                path,
                exchange -> {
                    queries.add(String.valueOf(exchange.getRequestURI().getRawQuery()));
                    byte[] bytes = body.getBytes(StandardCharsets.ISO_8859_1);
                    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
                    exchange.getResponseBody().write(bytes);
                    exchange.close();
                });
    }

    private static void redirect(HttpExchange exchange, String to) throws IOException {
        exchange.getResponseHeaders().add("Location", to);
        exchange.sendResponseHeaders(302, -1);
        exchange.close();
    }

    private static void endless(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        byte[] chunk = new byte[64 * 1024];
        while (true) { // until the other side has enough of it
            exchange.getResponseBody().write(chunk);
        }
    }

    private void stall(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().write('d');
        exchange.getResponseBody().flush();
        try {
            closed.await();
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    String url(String path) {
        return "http://127.0.0.1:%d%s".formatted(server.getAddress().getPort(), path);
    }

    /// Takes connections and says nothing at all.
    String silentUrl() {
        return "http://127.0.0.1:%d/announce".formatted(silent.getLocalPort());
    }

    /// What trackers here were asked.
    List<String> queries() {
        return queries;
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        silent.close();
        server.stop(0);
        threads.shutdownNow();
    }
}
