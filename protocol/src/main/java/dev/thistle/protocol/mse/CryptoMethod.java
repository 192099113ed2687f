package dev.thistle.protocol.mse;

/// What protects the payload after the MSE handshake: a bit of `crypto_provide` and
/// `crypto_select`.
public enum CryptoMethod {
    /// The payload is clear; only the handshake is hidden.
    PLAINTEXT(0x01),
    /// The RC4 streams of the handshake go on.
    RC4(0x02);

    private final int bit;

    CryptoMethod(int bit) {
        this.bit = bit;
    }

    public int bit() {
        return bit;
    }
}
