package dev.thistle.protocol.tracker;

/// How an announce or a scrape names its torrent.
public enum AnnounceForm {
    /// `info_hash`, the port and all peers can be read by everybody on the way (BEP 3).
    CLEAR,
    /// `sha_ih`; the port and the peers can be read only by who knows the info-hash (BEP 8).
    OBFUSCATED
}
