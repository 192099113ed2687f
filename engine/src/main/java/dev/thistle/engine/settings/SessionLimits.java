package dev.thistle.engine.settings;

/// What all torrents of a session may use together. The defaults are qBittorrent's for connections
/// and slots, and libtorrent's for calls.
///
/// @param rates of all torrents together
/// @param meterLan whether the rates hold for peers at loopback, link-local and private addresses
///   too
/// @param maxConnections to peers, dialled and accepted
/// @param maxCalls under way at once
/// @param callsPerSecond that begin
/// @param uploadSlots peers unchoked at a time
public record SessionLimits(
        RateLimits rates,
        boolean meterLan,
        int maxConnections,
        int maxCalls,
        int callsPerSecond,
        int uploadSlots) {

    public static final SessionLimits DEFAULT =
            new SessionLimits(RateLimits.NONE, false, 500, 100, 30, 20);

    public SessionLimits {
        require(maxConnections, "max-connections", 100_000);
        require(maxCalls, "max-calls", 10_000);
        require(callsPerSecond, "calls-per-second", 10_000);
        require(uploadSlots, "upload-slots", 100_000);
    }

    /// These rates for every peer, wherever it is.
    public SessionLimits withRates(RateLimits others, boolean lanToo) {
        return new SessionLimits(
                others, lanToo, maxConnections, maxCalls, callsPerSecond, uploadSlots);
    }

    /// These numbers of connections and slots.
    public SessionLimits withPeers(int connections, int slots) {
        return new SessionLimits(rates, meterLan, connections, maxCalls, callsPerSecond, slots);
    }

    private static void require(int found, String name, int most) {
        if (found < 1 || found > most) {
            throw new IllegalArgumentException(
                    "%s: %d, allowed 1..%d".formatted(name, found, most));
        }
    }
}
