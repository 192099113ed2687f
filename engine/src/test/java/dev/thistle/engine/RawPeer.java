package dev.thistle.engine;

import dev.thistle.net.Link;
import dev.thistle.net.MemoryNetwork;
import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.PeerId;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.peer.Handshake;
import dev.thistle.protocol.peer.HandshakeReader;
import dev.thistle.protocol.peer.PeerMessage;
import dev.thistle.protocol.peer.PeerMessageCodec;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// A peer that says what a test wants it to say, in plaintext, however rude. The test's thread
/// speaks and listens for it.
final class RawPeer implements Closeable {

    static final Duration PATIENCE = Duration.ofSeconds(10);

    static final long USUAL = Handshake.EXTENDED | Handshake.FAST;

    final Link link;

    private @Nullable Handshake heard;

    private final ByteBuffer in = ByteBuffer.allocate(300_000).flip();
    private final ByteBuffer out = ByteBuffer.allocate(300_000);

    private RawPeer(Link link) {
        this.link = link;
    }

    /// Opens a link and says nothing.
    static RawPeer connect(MemoryNetwork.Host from, InetSocketAddress to) throws IOException {
        return new RawPeer(from.connect(to, PATIENCE));
    }

    /// Calls and exchanges handshakes.
    static RawPeer call(MemoryNetwork.Host from, InetSocketAddress to, InfoHash infoHash)
            throws IOException {
        return connect(from, to).greet(infoHash, anyId(from));
    }

    /// Exchanges handshakes on a link that was accepted.
    static RawPeer answer(Link link, Metainfo metainfo) throws IOException {
        return answer(link, metainfo, anyId(link));
    }

    static RawPeer answer(Link link, InfoHash infoHash) throws IOException {
        return new RawPeer(link).greet(infoHash, anyId(link));
    }

    static RawPeer answer(Link link, Metainfo metainfo, PeerId id) throws IOException {
        return new RawPeer(link).greet(metainfo.infoHash(), id);
    }

    static PeerId anyId(Object owner) {
        return PeerId.random("-RAW000-", new Random(owner.hashCode()));
    }

    RawPeer greet(InfoHash infoHash, PeerId id) throws IOException {
        return greet(new Handshake(USUAL, infoHash, id));
    }

    RawPeer greet(Handshake ours) throws IOException {
        ours.writeTo(out);
        send(out.flip());
        out.clear();
        var reader = new HandshakeReader();
        while (true) {
            switch (reader.receive(in)) {
                case HandshakeReader.Next.Read _ -> more();
                case HandshakeReader.Next.Asked _ -> {}
                case HandshakeReader.Next.Greeted(Handshake theirs) -> {
                    heard = theirs;
                    return this;
                }
            }
        }
    }

    /// The other side's handshake.
    Handshake heard() {
        return Objects.requireNonNull(heard, "it has not been greeted");
    }

    void send(ByteBuffer bytes) throws IOException {
        link.write(bytes, PATIENCE);
    }

    /// Says them in one breath.
    void say(PeerMessage... messages) throws IOException {
        out.clear();
        for (PeerMessage message : messages) {
            PeerMessageCodec.encode(message, out);
        }
        send(out.flip());
    }

    /// The next message; a buffer in it is valid until the one after.
    ///
    /// @throws EOFException when the other side has hung up
    PeerMessage hear() throws IOException {
        while (true) {
            int bytes = PeerMessageCodec.frameBytes(in);
            if (bytes > 0 && bytes <= in.remaining()) {
                ByteBuffer frame = in.slice(in.position() + 4, bytes - 4);
                in.position(in.position() + bytes);
                return PeerMessageCodec.decode(frame);
            }
            more();
        }
    }

    <T extends PeerMessage> T hear(Class<T> kind) throws IOException {
        while (true) {
            PeerMessage message = hear();
            if (kind.isInstance(message)) {
                return kind.cast(message);
            }
        }
    }

    /// Gives every block that it is asked for, until it is hung up on.
    void giveAll(byte[] content, int pieceBytes) {
        try {
            while (true) {
                var asked = hear(PeerMessage.Request.class);
                int from = asked.piece() * pieceBytes + asked.begin();
                say(
                        new PeerMessage.Piece(
                                asked.piece(),
                                asked.begin(),
                                ByteBuffer.wrap(content, from, asked.length())));
            }
        } catch (IOException over) {
            // nobody asks any more
        }
    }

    private void more() throws IOException {
        in.compact();
        int count = link.read(in, PATIENCE);
        in.flip();
        if (count < 0) {
            throw new EOFException("hung up");
        }
    }

    /// Waits until the other side hangs up, whatever it says before.
    void untilDropped() {
        try {
            while (true) {
                in.position(in.limit());
                more();
            }
        } catch (SocketTimeoutException stays) {
            throw new AssertionError("it did not hang up", stays);
        } catch (IOException dropped) {
            // what this waits for
        }
    }

    @Override
    public void close() {
        link.close();
    }
}
