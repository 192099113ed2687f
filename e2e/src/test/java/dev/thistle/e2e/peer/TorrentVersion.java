package dev.thistle.e2e.peer;

/// How the pieces of a torrent are named: BEP 3, BEP 52, or both in one file.
public enum TorrentVersion {
    V1("v1"),
    V2("v2"),
    HYBRID("hybrid");

    private final String title;

    TorrentVersion(String title) {
        this.title = title;
    }

    @Override
    public String toString() {
        return title;
    }
}
