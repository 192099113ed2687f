package dev.thistle.cli;

import dev.thistle.cli.Recordings.Recording;
import dev.thistle.net.Datagrams;
import dev.thistle.net.Link;
import dev.thistle.net.Listener;
import dev.thistle.net.Network;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;

/// A network that records what goes over its links, dialled and accepted, as it is on the wire.
final class TappedNetwork implements Network {

    private final Network network;
    private final Recordings sent = new Recordings();
    private final Recordings received = new Recordings();

    TappedNetwork(Network network) {
        this.network = network;
    }

    Recordings sent() {
        return sent;
    }

    Recordings received() {
        return received;
    }

    @Override
    public Link connect(InetSocketAddress remote, Duration patience) throws IOException {
        return tapped(network.connect(remote, patience));
    }

    @Override
    public Listener listen(InetSocketAddress local) throws IOException {
        Listener listener = network.listen(local);
        return new Listener() {
            @Override
            public Link accept() throws IOException {
                return tapped(listener.accept());
            }

            @Override
            public InetSocketAddress address() {
                return listener.address();
            }

            @Override
            public void close() {
                listener.close();
            }
        };
    }

    /// Not recorded: peers speak over links.
    @Override
    public Datagrams datagrams(InetSocketAddress local) throws IOException {
        return network.datagrams(local);
    }

    private Link tapped(Link link) {
        return new TappedLink(link, sent.next(), received.next());
    }

    private record TappedLink(Link link, Recording sent, Recording received) implements Link {
        @Override
        public InetSocketAddress remote() {
            return link.remote();
        }

        @Override
        public InetSocketAddress local() {
            return link.local();
        }

        @Override
        public int read(ByteBuffer target, Duration patience) throws IOException {
            int start = target.position();
            int count = link.read(target, patience);
            if (count > 0) {
                received.add(target.duplicate().flip().position(start));
            }
            return count;
        }

        @Override
        public void write(ByteBuffer source, Duration patience) throws IOException {
            sent.add(source);
            link.write(source, patience);
        }

        @Override
        public void close() {
            link.close();
        }
    }
}
