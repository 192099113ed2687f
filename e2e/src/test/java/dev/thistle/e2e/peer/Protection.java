package dev.thistle.e2e.peer;

/// What a peer connection may look like on the wire; each client has its own switches for it.
public enum Protection {
    /// The BitTorrent handshake in the clear.
    PLAINTEXT("plaintext"),
    /// Message Stream Encryption for the handshake only, the rest in the clear.
    MSE_PLAINTEXT("MSE with plaintext payload"),
    /// Message Stream Encryption for everything.
    MSE_RC4("MSE with RC4 payload");

    private final String title;

    Protection(String title) {
        this.title = title;
    }

    @Override
    public String toString() {
        return title;
    }
}
