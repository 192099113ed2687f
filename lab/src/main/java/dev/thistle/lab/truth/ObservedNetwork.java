package dev.thistle.lab.truth;

import dev.thistle.net.Datagrams;
import dev.thistle.net.Link;
import dev.thistle.net.Listener;
import dev.thistle.net.Network;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

/// A host's network, with the life of each of its links written into the ledger. Dials that fail
/// leave no trace: nothing was connected. Thread-safe if `inner` is.
public record ObservedNetwork(Network inner, ConnectionLedger ledger) implements Network {

    @Override
    public Link connect(InetSocketAddress remote, Duration patience) throws IOException {
        return observe(inner.connect(remote, patience));
    }

    @Override
    public Listener listen(InetSocketAddress local) throws IOException {
        Listener listener = inner.listen(local);
        return new Listener() {
            @Override
            public InetSocketAddress address() {
                return listener.address();
            }

            @Override
            public Link accept() throws IOException {
                return observe(listener.accept());
            }

            @Override
            public void close() {
                listener.close();
            }

            @Override
            public String toString() {
                return listener.toString();
            }
        };
    }

    /// Datagrams make no connections.
    @Override
    public Datagrams datagrams(InetSocketAddress local) throws IOException {
        return inner.datagrams(local);
    }

    private Link observe(Link link) {
        var observed = new ObservedLink(link);
        ledger.add(observed);
        return observed;
    }
}
