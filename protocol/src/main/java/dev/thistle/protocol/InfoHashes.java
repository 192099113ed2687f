package dev.thistle.protocol;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// All names of one torrent: SHA-1 of its info dictionary for v1 swarms, SHA-256 for v2 swarms,
/// both for a hybrid (BEP 3, BEP 52). On the wire, at trackers and as the secret of MSE a v2 name
/// is cut to 20 bytes. Immutable, for any thread.
public final class InfoHashes {

    private final @Nullable InfoHash v1;
    private final @Nullable Sha256 v2;
    private final List<InfoHash> all;

    private InfoHashes(@Nullable InfoHash v1, @Nullable Sha256 v2) {
        this.v1 = v1;
        this.v2 = v2;
        this.all =
                Stream.of(Optional.ofNullable(v1), Optional.ofNullable(v2).map(InfoHashes::cut))
                        .flatMap(Optional::stream)
                        .toList();
    }

    /// A torrent of v1 alone.
    public static InfoHashes v1(InfoHash v1) {
        return new InfoHashes(v1, null);
    }

    /// A torrent of v2 alone.
    public static InfoHashes v2(Sha256 v2) {
        return new InfoHashes(null, v2);
    }

    /// A torrent that is both.
    public static InfoHashes hybrid(InfoHash v1, Sha256 v2) {
        return new InfoHashes(v1, v2);
    }

    private static InfoHash cut(Sha256 hash) {
        return InfoHash.of(Arrays.copyOf(hash.bytes(), InfoHash.BYTES));
    }

    /// The name in v1 swarms.
    public Optional<InfoHash> v1() {
        return Optional.ofNullable(v1);
    }

    /// The full name of v2, as magnet links spell it.
    public Optional<Sha256> v2() {
        return Optional.ofNullable(v2);
    }

    /// The name in v2 swarms: the first 20 bytes of [#v2].
    public Optional<InfoHash> v2Truncated() {
        return v2().map(InfoHashes::cut);
    }

    /// The one name by which we call the torrent ourselves: v1 where there is one.
    public InfoHash primary() {
        return all.getFirst();
    }

    /// Every name under which peers may be met: one, or two with v1 first.
    public List<InfoHash> all() {
        return all;
    }

    public boolean isHybrid() {
        return all.size() == 2;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof InfoHashes that
                && Objects.equals(v1, that.v1)
                && Objects.equals(v2, that.v2);
    }

    @Override
    public int hashCode() {
        return Objects.hash(v1, v2);
    }

    /// Forty digits for v1, 64 for v2, with a slash between the two of a hybrid.
    @Override
    public String toString() {
        return v1 == null ? String.valueOf(v2) : v2 == null ? v1.toString() : v1 + "/" + v2;
    }
}
