package dev.thistle.isp.detect;

import dev.thistle.isp.packet.Subnet;
import dev.thistle.protocol.InfoHash;
import java.util.List;
import java.util.Set;

/// All detectors by their identifiers, with what an ISP has to know for them. Scenarios and scans
/// of captures take theirs from here.
///
///     new DetectorCatalog(customers, Set.of(), ArticlePattern.Rule.DEFAULT).make("D-S1")
///
/// @param customers of the ISP, whose ports D-H1 watches
/// @param dictionary info-hashes that D-T4 knows
/// @param pattern the thresholds of D-H1
public record DetectorCatalog(
        List<Subnet> customers, Set<InfoHash> dictionary, ArticlePattern.Rule pattern) {

    /// What one detector looks for.
    ///
    /// @param parameters that it takes, with what is published or proposed; empty if none
    public record Entry(String id, String looksFor, String parameters) {}

    /// Everything there is, in the order of the literature sheet.
    public static final List<Entry> ENTRIES =
            List.of(
                    new Entry(HandshakeSignature.ID, "the plain handshake of peers", ""),
                    new Entry(TrackerSignature.ID, "announces and scrapes over plain HTTP", ""),
                    new Entry(ObfuscationMarker.ID, "the marks of BEP 8: sha_ih, iv, i, n", ""),
                    new Entry(
                            FullyEncrypted.Dialect.PAPER.id(),
                            "a first payload that looks encrypted, by the paper of 2023",
                            ""),
                    new Entry(
                            FullyEncrypted.Dialect.NDPI.id(),
                            "a first payload that looks encrypted, by nDPI",
                            ""),
                    new Entry(
                            FullyEncrypted.Dialect.OPENGFW.id(),
                            "a first payload that looks encrypted, by OpenGFW",
                            ""),
                    new Entry(
                            ArticlePattern.ID,
                            "many inbound connections to an odd port, and much upload",
                            "window 60 s, remotes 8, upload 1 MB or share 0.6, life 600 s"),
                    new Entry(
                            TrackerSnoop.ID,
                            "endpoints in the clear answers of trackers",
                            "life 1800 s"),
                    new Entry(
                            HashDictionary.ID,
                            "endpoints in hidden answers of trackers, by known info-hashes",
                            "info-hashes, life 1800 s"));

    public DetectorCatalog {
        customers = List.copyOf(customers);
        dictionary = Set.copyOf(dictionary);
    }

    /// All identifiers.
    public static List<String> ids() {
        return ENTRIES.stream().map(Entry::id).toList();
    }

    /// A fresh detector, for one thread.
    ///
    /// @param id such as `D-S1` or `D-E1:paper`
    /// @throws IllegalArgumentException if there is no such detector, with a list of what there is
    public Detector make(String id) {
        return switch (id) {
            case HandshakeSignature.ID -> new HandshakeSignature();
            case TrackerSignature.ID -> new TrackerSignature();
            case ObfuscationMarker.ID -> new ObfuscationMarker();
            case ArticlePattern.ID -> new ArticlePattern(customers, pattern);
            case TrackerSnoop.ID -> new TrackerSnoop();
            case HashDictionary.ID -> new HashDictionary(dictionary);
            default -> fullyEncrypted(id);
        };
    }

    private static Detector fullyEncrypted(String id) {
        for (FullyEncrypted.Dialect dialect : FullyEncrypted.Dialect.values()) {
            if (dialect.id().equals(id)) {
                return new FullyEncrypted(dialect);
            }
        }
        throw new IllegalArgumentException(
                "detector '%s', allowed %s".formatted(id, String.join(", ", ids())));
    }

    /// One of each.
    public List<Detector> all() {
        return ids().stream().map(this::make).toList();
    }
}
