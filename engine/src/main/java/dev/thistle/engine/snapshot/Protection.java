package dev.thistle.engine.snapshot;

/// What an observer of a connection cannot read.
public enum Protection {
    /// Nothing is hidden.
    PLAINTEXT("plaintext"),
    /// MSE hid the handshake; the messages after it are clear.
    MSE_PLAINTEXT("MSE, plaintext payload"),
    /// MSE hid the handshake and RC4 everything after it.
    MSE_RC4("MSE, RC4 payload");

    private final String text;

    Protection(String text) {
        this.text = text;
    }

    /// For people.
    @Override
    public String toString() {
        return text;
    }
}
