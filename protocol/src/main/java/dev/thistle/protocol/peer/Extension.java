package dev.thistle.protocol.peer;

import java.util.Optional;

/// The extension messages that we understand, and offer under these ids of ours (BEP 10). What we
/// send carries the ids of the receiver instead, as its [ExtendedHandshake] names them.
public enum Extension {
    /// Peers of peers (BEP 11).
    UT_PEX(1, "ut_pex", 64 * 1024),
    /// The `info` dictionary, block by block (BEP 9).
    UT_METADATA(2, "ut_metadata", MetadataCodec.MAX_BYTES),
    /// The sender wants nothing, or something again (BEP 21, as libtorrent has it).
    UPLOAD_ONLY(3, "upload_only", 1),
    /// The sender has lost a piece (BEP 54).
    LT_DONTHAVE(7, "lt_donthave", Integer.BYTES);

    private final int id;
    private final String wireName;
    private final int maxBytes;

    Extension(int id, String wireName, int maxBytes) {
        this.id = id;
        this.wireName = wireName;
        this.maxBytes = maxBytes;
    }

    /// Under which we receive it; 1 to 255.
    public int id() {
        return id;
    }

    /// The key in `m` of the extended handshake.
    public String wireName() {
        return wireName;
    }

    /// The longest payload that is read; real clients stay far below.
    public int maxBytes() {
        return maxBytes;
    }

    /// What arrives under this id of ours.
    public static Optional<Extension> ofId(int id) {
        for (Extension extension : values()) {
            if (extension.id == id) {
                return Optional.of(extension);
            }
        }
        return Optional.empty();
    }
}
