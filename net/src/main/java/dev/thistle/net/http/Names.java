package dev.thistle.net.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Looks names of hosts up, and gives up in time. Thread-safe.
public final class Names {

    /// Asks whoever knows; may block for long.
    public interface Resolver {
        List<InetAddress> addresses(String host) throws IOException;
    }

    private final Resolver resolver;

    /// Names that `resolver` knows.
    public Names(Resolver resolver) {
        this.resolver = resolver;
    }

    /// Names as this machine knows them.
    public static Names system() {
        return new Names(host -> List.of(InetAddress.getAllByName(host)));
    }

    /// The addresses of `host`, best first. One that is an address already is not looked up.
    ///
    /// @param host a name or an address, IPv6 with or without brackets
    /// @param patience how long to wait; a look-up that takes longer goes on by itself
    /// @throws UnknownHostException if there is no such host
    /// @throws SocketTimeoutException if it takes too long
    /// @throws InterruptedException if the caller was interrupted
    public List<InetAddress> lookUp(String host, Duration patience)
            throws IOException, InterruptedException {
        String text = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        if (isLiteral(text)) {
            return List.of(InetAddress.ofLiteral(text));
        }
        var lookUp = new FutureTask<>(() -> resolver.addresses(text));
        Thread.ofVirtual().name("name-" + text).start(lookUp);
        try {
            List<InetAddress> found = lookUp.get(patience.toNanos(), TimeUnit.NANOSECONDS);
            if (found.isEmpty()) {
                throw new UnknownHostException(text + ": unknown host");
            }
            return found;
        } catch (TimeoutException late) {
            throw new SocketTimeoutException(text + ": name not looked up in time");
        } catch (ExecutionException failed) {
            throw new UnknownHostException(text + ": unknown host");
        } finally {
            lookUp.cancel(true);
        }
    }

    private static boolean isLiteral(String text) {
        try {
            var _ = InetAddress.ofLiteral(text);
            return true;
        } catch (IllegalArgumentException name) {
            return false;
        }
    }
}
