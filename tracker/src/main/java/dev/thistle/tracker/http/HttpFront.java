package dev.thistle.tracker.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/// The HTTP server around an [AnnounceDesk]: Jetty, set to take what clients really send. HTTP/1.0
/// with and without keep-alive, HTTP/1.1, `HEAD`, absolute targets, unescaped reserved characters
/// and long queries pass. Two things do not: a space in the target is answered with 400, and
/// unescaped bytes above 0x7f with a `failure reason`, because the server loses them.
///
/// We log no request. Jetty does at its debug level, so a program around this keeps that off.
public final class HttpFront implements AutoCloseable {

    /// Request line and headers: a scrape of 100 torrents takes 7 KiB, proxies add some.
    private static final int REQUEST_HEAD_BYTES = 16 * 1024;

    /// The same once the tracker stops: connections that are kept for later have no later.
    private static final int GOODBYE_MILLIS = 100;

    /// Silence after which a connection is closed.
    private static final int IDLE_MILLIS = 10_000;

    /// Handlers run on the selectors; the rest accept, and wait.
    private static final int MAX_THREADS = 32;

    /// Connections the kernel may hold while we are busy: clients come in waves after a restart.
    private static final int ACCEPT_QUEUE = 1_024;

    private static final int STOP_MILLIS = 2_000;

    private final Server server;
    private final ServerConnector connector;

    private HttpFront(Server server, ServerConnector connector) {
        this.server = server;
        this.connector = connector;
    }

    /// Listens and serves.
    ///
    /// @param bind port 0 takes a free one
    /// @throws IOException naming the address, if it cannot be had
    public static HttpFront start(
            InetSocketAddress bind,
            int maxConnections,
            Set<InetAddress> trustedProxies,
            AnnounceDesk desk)
            throws IOException {
        var threads = new QueuedThreadPool(MAX_THREADS);
        threads.setName("tracker-http");
        var server = new Server(threads);
        var configuration = new HttpConfiguration();
        configuration.setUriCompliance(UriCompliance.UNSAFE);
        configuration.setHttpCompliance(HttpCompliance.RFC7230_LEGACY);
        configuration.setRequestHeaderSize(REQUEST_HEAD_BYTES);
        configuration.setSendServerVersion(false);
        configuration.setSendDateHeader(false);
        var connector = new ServerConnector(server, new HttpConnectionFactory(configuration));
        connector.setHost(bind.getAddress().getHostAddress());
        connector.setPort(bind.getPort());
        connector.setIdleTimeout(IDLE_MILLIS);
        connector.setShutdownIdleTimeout(GOODBYE_MILLIS);
        connector.setAcceptQueueSize(ACCEPT_QUEUE);
        server.addConnector(connector);
        server.addBean(new NetworkConnectionLimit(maxConnections, server));
        server.setHandler(
                new GracefulHandler(new TrackerHandler(desk, new SourceAddress(trustedProxies))));
        // Jetty's own pages are HTML and may repeat the request.
        server.setErrorHandler((request, response, callback) -> {
            int status = response.getStatus();
            TrackerHandler.refuse(
                    status, "bad request: " + HttpStatus.getMessage(status), response, callback);
            return true;
        });
        server.setStopTimeout(STOP_MILLIS);
        try {
            server.start();
        } catch (Exception failed) {
            stop(server);
            throw new IOException("listening for HTTP on %s".formatted(bind), failed);
        }
        return new HttpFront(server, connector);
    }

    /// Where it listens, with the port it really got.
    public InetSocketAddress address() {
        return new InetSocketAddress(connector.getHost(), connector.getLocalPort());
    }

    /// Stops listening, answers what it has read, and ends.
    @Override
    public void close() {
        stop(server);
    }

    private static void stop(Server server) {
        try {
            server.stop();
        } catch (Exception failed) {
            throw new IllegalStateException("the HTTP server does not stop", failed);
        }
    }
}
