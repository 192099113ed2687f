package dev.thistle.cli;

import dev.thistle.protocol.InfoHash;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;

/// Reads recorded bytes as somebody on the wire would who does not know the torrent, and tells
/// whether they give it or its peers away.
///
/// @param infoHash what must not be seen
/// @param port where the peer that must not be seen listens, on loopback
record Observer(InfoHash infoHash, int port) {

    private static final Pattern PORT = Pattern.compile("[?&]port=(\\d+)");

    /// As bytes, percent-encoded or as hex.
    boolean seesInfoHash(byte[] bytes) {
        byte[] raw = infoHash.bytes();
        return contains(bytes, raw)
                || unescaped(bytes).contains(new String(raw, StandardCharsets.ISO_8859_1))
                || text(bytes).toLowerCase(Locale.ROOT).contains(infoHash.toString());
    }

    boolean seesPort(byte[] request) {
        return PORT.matcher(text(request))
                .results()
                .anyMatch(found -> found.group(1).equals("" + port));
    }

    /// In compact form or as text, with its port or without.
    boolean seesAddress(byte[] answer) {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        byte[] compact =
                ByteBuffer.allocate(6).put(loopback.getAddress()).putShort((short) port).array();
        return contains(answer, compact)
                || contains(answer, loopback.getAddress())
                || text(answer).contains(loopback.getHostAddress());
    }

    boolean seesBitTorrent(byte[] stream) {
        return text(stream).contains("BitTorrent protocol");
    }

    String hex(byte[] bytes, int count) {
        return HexFormat.of().formatHex(bytes, 0, Math.min(count, bytes.length));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /// Percent escapes undone, everything else as it is.
    private static String unescaped(byte[] bytes) {
        var plain = new StringBuilder(bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            boolean escape =
                    bytes[i] == '%'
                            && i + 2 < bytes.length
                            && HexFormat.isHexDigit(bytes[i + 1])
                            && HexFormat.isHexDigit(bytes[i + 2]);
            if (escape) {
                plain.append(
                        (char)
                                (HexFormat.fromHexDigit(bytes[i + 1]) * 16
                                        + HexFormat.fromHexDigit(bytes[i + 2])));
                i += 2;
            } else {
                plain.append((char) (bytes[i] & 0xFF));
            }
        }
        return plain.toString();
    }

    private static boolean contains(byte[] bytes, byte[] sought) {
        return text(bytes).contains(text(sought));
    }
}
