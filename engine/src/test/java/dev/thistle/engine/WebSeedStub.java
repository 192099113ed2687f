package dev.thistle.engine;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A web server on loopback that has files and gives ranges of them, unless it is told otherwise.
final class WebSeedStub implements Closeable {

    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d+)");

    /// What it does in place of giving a range.
    interface Behaviour {
        /// Answers, or leaves it to the server.
        ///
        /// @param request counted from 0
        /// @return whether the exchange has been dealt with
        boolean answer(HttpExchange exchange, int request) throws IOException;
    }

    /// Path and range of each request, in order.
    final List<String> requests = new CopyOnWriteArrayList<>();

    private final Map<String, byte[]> files = new HashMap<>();
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicInteger count = new AtomicInteger();
    private volatile Behaviour behaviour = (_, _) -> false;

    WebSeedStub() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    WebSeedStub file(String path, byte[] content) {
        files.put(path, content);
        return this;
    }

    WebSeedStub behave(Behaviour next) {
        behaviour = next;
        return this;
    }

    String url(String path) {
        return "http://127.0.0.1:%d%s".formatted(server.getAddress().getPort(), path);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getRawPath();
            String range = exchange.getRequestHeaders().getFirst("Range");
            requests.add(path + " " + range);
            if (!behaviour.answer(exchange, count.getAndIncrement())) {
                give(exchange, path, range);
            }
        }
    }

    private void give(HttpExchange exchange, String path, String range) throws IOException {
        byte[] content = files.get(path);
        Matcher wanted = RANGE.matcher(range);
        if (content == null || !wanted.matches()) {
            exchange.sendResponseHeaders(404, -1);
            return;
        }
        int from = Integer.parseInt(wanted.group(1));
        int to = Integer.parseInt(wanted.group(2));
        exchange.getResponseHeaders()
                .add("Content-Range", "bytes %d-%d/%d".formatted(from, to, content.length));
        exchange.sendResponseHeaders(206, to - from + 1);
        exchange.getResponseBody().write(content, from, to - from + 1);
    }

    /// Gives the file as a whole.
    boolean giveWhole(HttpExchange exchange) throws IOException {
        byte[] content = Objects.requireNonNull(files.get(exchange.getRequestURI().getRawPath()));
        exchange.sendResponseHeaders(200, content.length);
        exchange.getResponseBody().write(content);
        return true;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
