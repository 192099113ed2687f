package dev.thistle.protocol.mse;

import java.util.Collection;

/// What protects the payload after the MSE handshake: one bit of `crypto_provide` and
/// `crypto_select`. The other 30 bits are reserved.
public enum CryptoMethod {
    /// The payload is clear; only the handshake is hidden.
    PLAINTEXT(0x01),
    /// The RC4 streams of the handshake go on.
    RC4(0x02);

    private final int bit;

    CryptoMethod(int bit) {
        this.bit = bit;
    }

    /// The bit on the wire.
    public int bit() {
        return bit;
    }

    boolean isIn(int bits) {
        return (bits & bit) != 0;
    }

    static int bits(Collection<CryptoMethod> methods) {
        return methods.stream().mapToInt(CryptoMethod::bit).reduce(0, (a, b) -> a | b);
    }
}
