package dev.thistle.protocol.mse;

import dev.thistle.protocol.rc4.Rc4;
import java.nio.ByteBuffer;

/// What protects the payload of one connection. Works in place on a region from position to limit
/// and leaves both where they are. Each direction is one stream: every byte passes once, in order.
/// One thread may encrypt while another decrypts.
public sealed interface StreamCipher {

    /// What was selected.
    CryptoMethod method();

    /// Turns payload into what goes on the wire.
    void encrypt(ByteBuffer region);

    /// Turns what came from the wire into payload.
    void decrypt(ByteBuffer region);

    /// Leaves the bytes as they are.
    record Plaintext() implements StreamCipher {
        @Override
        public CryptoMethod method() {
            return CryptoMethod.PLAINTEXT;
        }

        @Override
        public void encrypt(ByteBuffer region) {}

        @Override
        public void decrypt(ByteBuffer region) {}
    }

    /// One RC4 stream a direction. The handshake itself uses the same pair before the payload does.
    final class Rc4Pair implements StreamCipher {
        private final Rc4 out;
        private final Rc4 in;

        Rc4Pair(Rc4 out, Rc4 in) {
            this.out = out;
            this.in = in;
        }

        @Override
        public CryptoMethod method() {
            return CryptoMethod.RC4;
        }

        @Override
        public void encrypt(ByteBuffer region) {
            out.apply(region);
        }

        @Override
        public void decrypt(ByteBuffer region) {
            in.apply(region);
        }

        /// Reads exactly `length` bytes of the handshake, deciphered into a buffer of their own.
        /// What follows them may be clear, so it stays as it is.
        ByteBuffer take(ByteBuffer source, int length) {
            byte[] bytes = new byte[length];
            source.get(bytes);
            in.apply(bytes, 0, length);
            return ByteBuffer.wrap(bytes);
        }

        /// What protects the payload once `method` is selected: this pair, going on, or nothing.
        StreamCipher forPayload(CryptoMethod method) {
            return switch (method) {
                case PLAINTEXT -> new Plaintext();
                case RC4 -> this;
            };
        }
    }
}
