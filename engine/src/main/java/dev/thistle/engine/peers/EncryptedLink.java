package dev.thistle.engine.peers;

import dev.thistle.net.Link;
import dev.thistle.protocol.mse.StreamCipher;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;

/// A link whose bytes are enciphered on the wire. Works in place, so a written buffer holds cipher
/// text afterwards.
final class EncryptedLink implements Link {

    private final Link wire;
    private final StreamCipher cipher;

    EncryptedLink(Link wire, StreamCipher cipher) {
        this.wire = wire;
        this.cipher = cipher;
    }

    @Override
    public InetSocketAddress remote() {
        return wire.remote();
    }

    @Override
    public InetSocketAddress local() {
        return wire.local();
    }

    @Override
    public int read(ByteBuffer target, Duration patience) throws IOException {
        int start = target.position();
        int count = wire.read(target, patience);
        if (count > 0) {
            int limit = target.limit();
            cipher.decrypt(target.position(start).limit(start + count));
            target.limit(limit).position(start + count);
        }
        return count;
    }

    @Override
    public void write(ByteBuffer source, Duration patience) throws IOException {
        int start = source.position();
        cipher.encrypt(source);
        wire.write(source.position(start), patience);
    }

    @Override
    public void close() {
        wire.close();
    }
}
