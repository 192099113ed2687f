package dev.thistle.lab.truth;

import java.util.Locale;

/// What a host does in a run. The name in files is [#toString].
public enum Role {
    SEEDER,
    LEECHER,
    TRACKER,
    BROWSER,
    BACKUP,
    DOWNLOADER,
    RESOLVER,
    HOME_SERVER,
    /// Calls on home servers, from outside.
    VISITOR,
    /// Serves the background from outside: pages, files, names.
    SERVER;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
