package dev.thistle.protocol.peer;

import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.PeerId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// The first 68 bytes that each side sends (BEP 3):
///
///     0        1                     20         28          48        68
///     | 0x13   | BitTorrent protocol | reserved | info-hash | peer id |
///
/// @param reserved capability bits, the first byte of the eight in the highest bits
public record Handshake(long reserved, InfoHash infoHash, PeerId peerId) {

    public static final int BYTES = 68;

    /// Up to and with the info-hash: enough to know the torrent and to answer.
    public static final int PROLOGUE_BYTES = 48;

    /// Byte 5, `0x10`: extension protocol (BEP 10).
    public static final long EXTENDED = 0x10_00_00L;

    /// Byte 7, `0x04`: fast extension (BEP 6).
    public static final long FAST = 0x04L;

    /// Byte 7, `0x10`: the torrent is a hybrid, and whoever is called by its v1 name may answer
    /// with the one of v2 (BEP 52).
    public static final long UPGRADES_TO_V2 = 0x10L;

    private static final byte[] HEADER =
            "\u0013BitTorrent protocol".getBytes(StandardCharsets.ISO_8859_1);

    /// Length byte and protocol name: what a plaintext stream starts with.
    public static final int HEADER_BYTES = 20;

    public boolean supports(long bit) {
        return (reserved & bit) != 0;
    }

    /// The byte at `index` (0 to 19) of the header.
    static byte header(int index) {
        return HEADER[index];
    }

    /// Appends the 68 bytes to `target`.
    public void writeTo(ByteBuffer target) {
        target.put(HEADER).putLong(reserved);
        infoHash.writeTo(target);
        peerId.writeTo(target);
    }
}
