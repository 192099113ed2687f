package dev.thistle.cli;

import dev.thistle.net.Link;
import dev.thistle.net.Listener;
import dev.thistle.net.Network;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;

/// A network that records what is written to the links it opens, as it goes out.
final class TappedNetwork implements Network {

    private final Network network;
    private final Recording sent = new Recording();

    TappedNetwork(Network network) {
        this.network = network;
    }

    /// What went out on the links that were opened here.
    byte[] sent() {
        return sent.bytes();
    }

    @Override
    public Link connect(InetSocketAddress remote, Duration patience) throws IOException {
        return new TappedLink(network.connect(remote, patience), sent);
    }

    @Override
    public Listener listen(InetSocketAddress local) throws IOException {
        return network.listen(local);
    }

    private record TappedLink(Link link, Recording sent) implements Link {
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
            return link.read(target, patience);
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
