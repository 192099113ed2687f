package dev.thistle.tracker.policy;

import dev.thistle.protocol.InfoHash;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which torrents are served, and which are known by their hidden names from the start. Immutable:
/// a reload makes a new one.
public final class TorrentPolicy {

    private final @Nullable Set<InfoHash> allowed;
    private final Set<InfoHash> denied;
    private final Set<InfoHash> known;

    private TorrentPolicy(
            @Nullable Set<InfoHash> allowed, Set<InfoHash> denied, Set<InfoHash> known) {
        this.allowed = allowed;
        this.denied = denied;
        this.known = known;
    }

    /// Reads the files that are given.
    ///
    /// @param allow only these torrents; null for all
    /// @param deny not these torrents; null for none
    /// @param known torrents that hidden names may ask for before anybody announced them openly
    /// @throws IOException naming the file, and the line if it is one's fault
    public static TorrentPolicy read(
            @Nullable Path allow, @Nullable Path deny, @Nullable Path known) throws IOException {
        Set<InfoHash> allowed = allow == null ? null : TorrentList.read(allow);
        Set<InfoHash> denied = deny == null ? Set.of() : TorrentList.read(deny);
        var names = new HashSet<InfoHash>(known == null ? Set.of() : TorrentList.read(known));
        if (allowed != null) {
            names.addAll(allowed);
        }
        return new TorrentPolicy(allowed, denied, Set.copyOf(names));
    }

    public boolean serves(InfoHash infoHash) {
        return (allowed == null || allowed.contains(infoHash)) && !denied.contains(infoHash);
    }

    /// Those that can be asked for under their hidden names without an open announce before.
    public Set<InfoHash> known() {
        return known;
    }
}
