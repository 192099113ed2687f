package dev.thistle.protocol.tracker;

import dev.thistle.protocol.InfoHash;
import java.util.Arrays;

/// The name under which BEP 8 asks for a torrent: SHA-1 of its info-hash. Who only has this can
/// neither join the swarm nor read the tracker's answers.
public final class ShaIh {

    /// Every such name is this long.
    public static final int BYTES = 20;

    private final byte[] bytes;

    private ShaIh(byte[] bytes) {
        this.bytes = bytes;
    }

    /// Wraps a copy of `bytes`.
    ///
    /// @throws IllegalArgumentException unless `bytes` holds exactly 20
    public static ShaIh of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException(
                    "sha_ih of %d bytes, allowed 20".formatted(bytes.length));
        }
        return new ShaIh(bytes.clone());
    }

    /// The name of the torrent `infoHash`.
    public static ShaIh of(InfoHash infoHash) {
        return new ShaIh(AddressCipher.sha1(infoHash.bytes()));
    }

    /// A copy of the 20 bytes.
    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ShaIh that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /// No digits: this name identifies a torrent to everybody who keeps a list of torrents.
    @Override
    public String toString() {
        return "ShaIh";
    }
}
