package dev.thistle.lab.truth;

import java.util.Locale;

/// What a flow is for. The name in files is [#toString].
public enum Application {
    BITTORRENT,
    TRACKER,
    WEB,
    BACKUP,
    DOWNLOAD,
    DNS,
    HOME_SERVER;

    /// Whether it is traffic of the swarm, announces included.
    public boolean isOfSwarm() {
        return switch (this) {
            case BITTORRENT, TRACKER -> true;
            case WEB, BACKUP, DOWNLOAD, DNS, HOME_SERVER -> false;
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
