package dev.thistle.lab.scenario;

import java.time.Duration;

/// Who exchanges what, and for how long it is watched.
///
/// @param contentBytes of the torrent
/// @param pieceBytes a power of two
/// @param seeders customers who have everything at the start
/// @param leechers customers who have nothing
/// @param outsideLeechers peers with nothing on the other side of the box
/// @param window how long a run is measured at most; it ends sooner when all have everything
public record SwarmPlan(
        long contentBytes,
        int pieceBytes,
        int seeders,
        int leechers,
        int outsideLeechers,
        Duration window) {

    public int peers() {
        return seeders + leechers + outsideLeechers;
    }
}
