package dev.thistle.protocol.mse;

import dev.thistle.protocol.rc4.Rc4;
import java.nio.ByteBuffer;

/// What protects the payload of one connection. Works in place on a region from position to limit
/// and leaves both where they are. One thread may encrypt while another decrypts.
public sealed interface StreamCipher {

    CryptoMethod method();

    void encrypt(ByteBuffer region);

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

    /// One RC4 stream a direction.
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
            out.apply(region.duplicate());
        }

        @Override
        public void decrypt(ByteBuffer region) {
            in.apply(region.duplicate());
        }
    }
}
