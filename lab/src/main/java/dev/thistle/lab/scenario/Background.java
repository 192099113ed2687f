package dev.thistle.lab.scenario;

/// Customers who have nothing to do with BitTorrent, over real protocols.
///
/// @param browsers fetch pages with many objects over TLS from servers outside
/// @param backups upload much over TLS to a server outside
/// @param downloads fetch one large file over TLS
/// @param resolvers ask and answer over UDP port 53
/// @param homeServers serve many visitors from outside over TLS on port 443: the near miss of the
///   pattern rule
public record Background(int browsers, int backups, int downloads, int resolvers, int homeServers) {

    public int customers() {
        return browsers + backups + downloads + resolvers + homeServers;
    }
}
