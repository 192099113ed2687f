package dev.thistle.net.http;

import dev.thistle.net.Link;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.cert.CertificateException;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/// The calling side of TLS over another link: the JDK's engine, fed by plain blocking reads and
/// writes. One thread at a time may read or write, not one each; [#close] is anybody's.
///
/// The end of the stream below is the end of this one, with a goodbye or without: too many servers
/// say none, and whoever reads a body knows how long it is.
final class TlsLink implements Link {

    private final Link inner;
    private final SSLEngine engine;

    /// Enciphered bytes that came, between position and limit.
    private final ByteBuffer arrived;

    /// Deciphered bytes that nobody has read yet, between position and limit.
    private final ByteBuffer plain;

    private final ByteBuffer outgoing;

    private TlsLink(Link inner, SSLEngine engine) {
        this.inner = inner;
        this.engine = engine;
        int packetBytes = engine.getSession().getPacketBufferSize();
        arrived = ByteBuffer.allocate(packetBytes).limit(0);
        outgoing = ByteBuffer.allocate(packetBytes);
        plain = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize()).limit(0);
    }

    /// Shakes hands over `inner`.
    ///
    /// @param host whom the certificate must name
    /// @throws SSLException if the server cannot prove that it is `host`
    static TlsLink open(Link inner, SSLContext tls, String host, int port, Countdown countdown)
            throws IOException {
        SSLEngine engine = tls.createSSLEngine(host, port);
        engine.setUseClientMode(true);
        var parameters = engine.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        engine.setSSLParameters(parameters);
        var link = new TlsLink(inner, engine);
        engine.beginHandshake();
        try {
            link.shakeHands(countdown);
        } catch (SSLException refused) {
            throw explained(refused, host);
        }
        return link;
    }

    /// What is wrong with a certificate stands in the innermost cause, under the names of classes.
    private static SSLException explained(SSLException refused, String host) {
        boolean isAboutCertificate = false;
        Throwable innermost = refused;
        for (Throwable cause = refused; cause != null; cause = cause.getCause()) {
            isAboutCertificate |= cause instanceof CertificateException;
            innermost = cause;
        }
        return isAboutCertificate
                ? new SSLException(
                        "the certificate of %s is not believed: %s"
                                .formatted(host, innermost.getMessage()),
                        refused)
                : refused;
    }

    /// Goes on until both sides are ready for data.
    private void shakeHands(Countdown countdown) throws IOException {
        while (true) {
            switch (engine.getHandshakeStatus()) {
                case FINISHED, NOT_HANDSHAKING -> {
                    return;
                }
                case NEED_TASK -> runTasks();
                case NEED_WRAP -> wrap(ByteBuffer.allocate(0), countdown.left());
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                    if (unwrap(countdown.left()) < 0) {
                        throw new SSLException("the server hung up during the TLS handshake");
                    }
                }
            }
        }
    }

    private void runTasks() {
        for (Runnable task = engine.getDelegatedTask();
                task != null;
                task = engine.getDelegatedTask()) {
            task.run();
        }
    }

    /// Enciphers some of `source` and sends it.
    private void wrap(ByteBuffer source, Duration patience) throws IOException {
        SSLEngineResult result = engine.wrap(source, outgoing.clear());
        if (result.getStatus() == SSLEngineResult.Status.CLOSED && source.hasRemaining()) {
            throw new SSLException("TLS is closed");
        }
        inner.write(outgoing.flip(), patience);
    }

    /// Deciphers what has arrived, or waits for more; what comes out is behind [#plain]'s position.
    ///
    /// @return -1 at the end of the stream
    private int unwrap(Duration patience) throws IOException {
        plain.compact();
        SSLEngineResult result;
        try {
            result = engine.unwrap(arrived, plain);
        } finally {
            plain.flip();
        }
        return switch (result.getStatus()) {
            case OK -> 0;
            case CLOSED -> -1;
            case BUFFER_UNDERFLOW -> {
                arrived.compact();
                int count = -1;
                try {
                    count = inner.read(arrived, patience);
                } finally {
                    arrived.flip();
                }
                yield count < 0 ? -1 : 0;
            }
            case BUFFER_OVERFLOW -> throw new SSLException("a TLS record larger than allowed");
        };
    }

    @Override
    public InetSocketAddress remote() {
        return inner.remote();
    }

    @Override
    public InetSocketAddress local() {
        return inner.local();
    }

    @Override
    public int read(ByteBuffer target, Duration patience) throws IOException {
        Countdown countdown = Countdown.of(patience);
        while (!plain.hasRemaining()) {
            if (unwrap(countdown.left()) < 0) {
                return -1;
            }
            if (engine.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING) {
                shakeHands(countdown); // new keys, or a ticket for next time
            }
        }
        int count = Math.min(target.remaining(), plain.remaining());
        target.put(target.position(), plain, plain.position(), count);
        target.position(target.position() + count);
        plain.position(plain.position() + count);
        return count;
    }

    @Override
    public void write(ByteBuffer source, Duration patience) throws IOException {
        Countdown countdown = Countdown.of(patience);
        while (source.hasRemaining()) {
            wrap(source, countdown.left());
        }
    }

    @Override
    public void close() {
        inner.close();
    }

    @Override
    public String toString() {
        return "TLS over " + inner;
    }
}
