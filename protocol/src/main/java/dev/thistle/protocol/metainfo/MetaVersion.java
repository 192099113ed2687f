package dev.thistle.protocol.metainfo;

/// In which forms a torrent describes its content.
public enum MetaVersion {
    /// One run of bytes cut into pieces, each with a SHA-1 (BEP 3).
    V1,
    /// Each file on its own, with a Merkle tree of SHA-256 (BEP 52).
    V2,
    /// Both at once, agreeing on everything: two info-hashes and two swarms (BEP 52).
    HYBRID;

    /// Are there SHA-1 hashes of pieces?
    public boolean hasV1() {
        return this != V2;
    }

    /// Are there Merkle trees?
    public boolean hasV2() {
        return this != V1;
    }
}
