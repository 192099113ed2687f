package dev.thistle.protocol.tracker;

/// What a client tells a tracker about its use of Message Stream Encryption. Ordered.
public enum CryptoLevel {
    NONE,
    /// `supportcrypto=1`: it accepts encrypted connections.
    SUPPORTED,
    /// `requirecrypto=1`: it accepts nothing else.
    REQUIRED
}
