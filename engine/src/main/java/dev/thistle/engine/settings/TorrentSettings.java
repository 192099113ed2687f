package dev.thistle.engine.settings;

import java.time.Duration;

/// Limits and time-outs of one torrent. The defaults are libtorrent's with qBittorrent's number of
/// connections, unless a line says otherwise.
///
/// @param maxPeers connections, dialled and accepted; 1 to 10,000
/// @param maxDialing connection attempts under way at once; 1 to 1,000
/// @param uploadSlots peers unchoked at a time, the optimistic one included; 1 to 1,000
/// @param chokeInterval how often slots are given anew (Transmission: 10 s)
/// @param optimisticInterval how long the optimistic slot stays with a peer
/// @param greetingPatience connecting to a peer, and then all handshakes together
/// @param silencePatience a peer that sends nothing for so long is gone
/// @param requestPatience a peer that owes blocks and sends none for so long is snubbed: its blocks
///   are asked of others
/// @param redialAfter least time between two attempts at the same address. A third of libtorrent's
///   60 s: where a network resets connections, as those of the lab do, a download waits for this;
///   and an address that fails three times is forgotten anyway
/// @param resume what is remembered from run to run
/// @param selection what is wanted of the torrent, to begin with
/// @param rates of this torrent, within those of the session
/// @param localTargets whether trackers and web seeds may be on this machine or in private networks
/// @param seeding once everything wanted is there
/// @param encryption in place of the session's
/// @param webSeeds how web seeds are used
public record TorrentSettings(
        int maxPeers,
        int maxDialing,
        int uploadSlots,
        Duration chokeInterval,
        Duration optimisticInterval,
        Duration greetingPatience,
        Duration silencePatience,
        Duration requestPatience,
        Duration redialAfter,
        ResumeSettings resume,
        Selection selection,
        RateLimits rates,
        LocalTargets localTargets,
        SeedingSettings seeding,
        TorrentEncryption encryption,
        WebSeedSettings webSeeds) {

    public static final TorrentSettings DEFAULT =
            new TorrentSettings(
                    100,
                    30,
                    8,
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(120),
                    Duration.ofSeconds(20),
                    Duration.ofSeconds(20));

    /// These limits and time-outs; the rest as in [#DEFAULT].
    public TorrentSettings(
            int maxPeers,
            int maxDialing,
            int uploadSlots,
            Duration chokeInterval,
            Duration optimisticInterval,
            Duration greetingPatience,
            Duration silencePatience,
            Duration requestPatience,
            Duration redialAfter) {
        this(
                maxPeers,
                maxDialing,
                uploadSlots,
                chokeInterval,
                optimisticInterval,
                greetingPatience,
                silencePatience,
                requestPatience,
                redialAfter,
                ResumeSettings.DEFAULT,
                Selection.ALL,
                RateLimits.NONE,
                LocalTargets.ALLOWED,
                SeedingSettings.DEFAULT,
                TorrentEncryption.AS_SESSION,
                WebSeedSettings.DEFAULT);
    }

    public TorrentSettings {
        require(maxPeers >= 1 && maxPeers <= 10_000, "max-peers", maxPeers, "1..10000");
        require(maxDialing >= 1 && maxDialing <= 1_000, "max-dialing", maxDialing, "1..1000");
        require(uploadSlots >= 1 && uploadSlots <= 1_000, "upload-slots", uploadSlots, "1..1000");
        requirePositive("choke-interval", chokeInterval);
        requirePositive("optimistic-interval", optimisticInterval);
        requirePositive("greeting-patience", greetingPatience);
        requirePositive("silence-patience", silencePatience);
        requirePositive("request-patience", requestPatience);
        requirePositive("redial-after", redialAfter);
    }

    public TorrentSettings withResume(ResumeSettings other) {
        return with(other, selection, rates, localTargets, seeding, encryption, webSeeds);
    }

    public TorrentSettings withSelection(Selection other) {
        return with(resume, other, rates, localTargets, seeding, encryption, webSeeds);
    }

    public TorrentSettings withRates(RateLimits other) {
        return with(resume, selection, other, localTargets, seeding, encryption, webSeeds);
    }

    public TorrentSettings withLocalTargets(LocalTargets other) {
        return with(resume, selection, rates, other, seeding, encryption, webSeeds);
    }

    public TorrentSettings withSeeding(SeedingSettings other) {
        return with(resume, selection, rates, localTargets, other, encryption, webSeeds);
    }

    public TorrentSettings withEncryption(TorrentEncryption other) {
        return with(resume, selection, rates, localTargets, seeding, other, webSeeds);
    }

    public TorrentSettings withWebSeeds(WebSeedSettings other) {
        return with(resume, selection, rates, localTargets, seeding, encryption, other);
    }

    private TorrentSettings with(
            ResumeSettings newResume,
            Selection newSelection,
            RateLimits newRates,
            LocalTargets newLocalTargets,
            SeedingSettings newSeeding,
            TorrentEncryption newEncryption,
            WebSeedSettings newWebSeeds) {
        return new TorrentSettings(
                maxPeers,
                maxDialing,
                uploadSlots,
                chokeInterval,
                optimisticInterval,
                greetingPatience,
                silencePatience,
                requestPatience,
                redialAfter,
                newResume,
                newSelection,
                newRates,
                newLocalTargets,
                newSeeding,
                newEncryption,
                newWebSeeds);
    }

    private static void requirePositive(String name, Duration value) {
        require(value.isPositive(), name, value, "more than nothing");
    }

    private static void require(boolean holds, String name, Object found, String allowed) {
        if (!holds) {
            throw new IllegalArgumentException(
                    "%s: %s, allowed %s".formatted(name, found, allowed));
        }
    }
}
