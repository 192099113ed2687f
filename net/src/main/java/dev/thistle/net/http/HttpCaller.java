package dev.thistle.net.http;

import dev.thistle.net.Link;
import dev.thistle.net.Network;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/// Reaches web servers. The caller looks the host up and chooses the address, so what it judged is
/// what is called, and each address family can be called on purpose. Thread-safe.
public final class HttpCaller {

    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;
    private static final int MAX_PORT = 0xFFFF;

    /// Addresses of one host that are tried until one can be reached.
    private static final int MAX_ADDRESSES = 3;

    private final Network network;
    private final Supplier<SSLContext> tls;
    private final Names names;

    /// Calls over `network`.
    ///
    /// @param tls says which certificates of servers are believed
    public HttpCaller(Network network, SSLContext tls, Names names) {
        this(network, () -> tls, names);
    }

    private HttpCaller(Network network, Supplier<SSLContext> tls, Names names) {
        this.network = network;
        this.tls = tls;
        this.names = names;
    }

    /// Calls over `network`, believing the certificates that this Java believes. They are read when
    /// the first server has to show its own.
    public static HttpCaller over(Network network) {
        return new HttpCaller(network, HttpCaller::usualTls, Names.system());
    }

    private static SSLContext usualTls() {
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException broken) {
            throw new IllegalStateException("this Java has no TLS", broken);
        }
    }

    /// How names of hosts are looked up.
    public Names names() {
        return names;
    }

    /// Is this an address that can be called: http or https, a host, and no impossible port?
    public static boolean canCall(URI uri) {
        String scheme = scheme(uri);
        return (scheme.equals("http") || scheme.equals("https"))
                && uri.getHost() != null
                && uri.getPort() != 0
                && uri.getPort() <= MAX_PORT;
    }

    private static String scheme(URI uri) {
        return String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    }

    /// Whether what is said to the server of `uri` is enciphered.
    public static boolean isSecure(URI uri) {
        return scheme(uri).equals("https");
    }

    /// The addresses of the host of `uri`, best first.
    ///
    /// @throws IOException if there are none, or it takes too long
    /// @throws InterruptedException if the caller was interrupted
    public List<InetAddress> addresses(URI uri, Duration patience)
            throws IOException, InterruptedException {
        return names.lookUp(uri.getHost(), patience);
    }

    /// Connects to the first of `addresses` that can be reached; three are tried at most, each but
    /// the last for half of the time that is left.
    ///
    /// @param uri as for [#connect(URI, InetAddress, Duration)]
    /// @param addresses at least one
    /// @param patience for all of it
    /// @throws IOException what the last said
    public HttpConnection connect(URI uri, List<InetAddress> addresses, Duration patience)
            throws IOException {
        Countdown countdown = Countdown.of(patience);
        int count = Math.min(addresses.size(), MAX_ADDRESSES);
        for (int k = 0; true; k++) {
            boolean isLast = k + 1 == count;
            Duration left = countdown.left();
            try {
                return connect(uri, addresses.get(k), isLast ? left : left.dividedBy(2));
            } catch (IOException unreachable) {
                if (isLast || Thread.currentThread().isInterrupted()) {
                    throw unreachable;
                }
            }
        }
    }

    /// Connects to one of those addresses, over TLS for https.
    ///
    /// @param uri for which [#canCall] holds; names the server that must show its certificate
    /// @param patience for all of it
    /// @throws javax.net.ssl.SSLException if the server cannot prove that it is the one
    public HttpConnection connect(URI uri, InetAddress address, Duration patience)
            throws IOException {
        if (!canCall(uri)) {
            throw new IllegalArgumentException("not an http or https address");
        }
        Countdown countdown = Countdown.of(patience);
        boolean secure = isSecure(uri);
        int usual = secure ? HTTPS_PORT : HTTP_PORT;
        int port = uri.getPort() < 0 ? usual : uri.getPort();
        Link link = network.connect(new InetSocketAddress(address, port), countdown.left());
        try {
            String host = uri.getHost();
            String hostHeader = port == usual ? host : host + ":" + port;
            Link spoken = secure ? TlsLink.open(link, tls.get(), host, port, countdown) : link;
            return new HttpConnection(spoken, hostHeader);
        } catch (IOException | RuntimeException failed) {
            link.close();
            throw failed;
        }
    }
}
