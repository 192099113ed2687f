package dev.thistle.protocol.metainfo;

import dev.thistle.protocol.InfoHashes;
import dev.thistle.protocol.MalformedException;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A torrent named by a link (BEP 9): its info-hash, and hints where to find the rest.
///
///     magnet:?xt=urn:btih:HASH&dn=NAME&tr=TRACKER&tr=TRACKER&x.pe=HOST:PORT&ws=URL&so=0,2-4
///
/// The hash must be right, or the link is refused. Hints that are unusable are left out, as are
/// parameters we do not know. Immutable, for any thread.
public final class Magnet {

    /// Fifty trackers with long passkeys come to a tenth of this.
    public static final int MAX_CHARS = 64 * 1024;

    /// More than anybody lists by hand. The rest is ignored.
    public static final int MAX_PEERS = 50;

    private final InfoHashes infoHashes;
    private final @Nullable String name;
    private final List<String> trackers;
    private final List<String> peers;
    private final List<String> webSeeds;
    private final BitSet selected;

    Magnet(
            InfoHashes infoHashes,
            @Nullable String name,
            List<String> trackers,
            List<String> peers,
            List<String> webSeeds,
            BitSet selected) {
        this.infoHashes = infoHashes;
        this.name = name;
        this.trackers = List.copyOf(trackers);
        this.peers = List.copyOf(peers);
        this.webSeeds = List.copyOf(webSeeds);
        this.selected = (BitSet) selected.clone();
    }

    /// Reads a link; case matters in neither keys nor hashes, white space around it not at all.
    public static Magnet parse(String link) throws MalformedException {
        return MagnetReader.read(link);
    }

    /// The link to a torrent: all its names, and everything that helps to find the rest. Trackers
    /// that are asked in the obfuscated way alone are left out: a link would show them in the
    /// clear.
    public static Magnet of(Metainfo torrent) {
        return new Magnet(
                torrent.infoHashes(),
                torrent.name(),
                torrent.announceList().stream().flatMap(List::stream).toList(),
                List.of(),
                torrent.webSeeds(),
                new BitSet());
    }

    /// The link as text, which [#parse] reads again.
    public String link() {
        return MagnetWriter.write(this);
    }

    /// The names of the torrent: one, or both of a hybrid. A link to a hybrid may give only one.
    public InfoHashes infoHashes() {
        return infoHashes;
    }

    /// What the link calls the torrent: for people, and as unsafe as any name from outside.
    public Optional<String> name() {
        return Optional.ofNullable(name);
    }

    /// In the order of the link, at most [MetainfoReader#MAX_TRACKERS]; any scheme.
    public List<String> trackers() {
        return trackers;
    }

    /// Peers as `host:port`, `[IPv6]:port` among them; the host may be a name to look up.
    public List<String> peers() {
        return peers;
    }

    /// URLs of BEP 19, at most [MetainfoReader#MAX_WEB_SEEDS].
    public List<String> webSeeds() {
        return webSeeds;
    }

    /// Indices of the files to download, counted in [Metainfo#files] (BEP 53); none if the link
    /// does not choose. A copy. Below [MetainfoReader#MAX_FILES], and perhaps more than there are.
    public BitSet selected() {
        return (BitSet) selected.clone();
    }
}
