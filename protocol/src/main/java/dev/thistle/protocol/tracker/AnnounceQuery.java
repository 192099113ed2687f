package dev.thistle.protocol.tracker;

import dev.thistle.protocol.bencode.ByteString;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Writes the query of an announce: ASCII, ready to be put behind the tracker's URL with
/// [TrackerUrl#withQuery]. Stateless.
///
/// In the obfuscated form `sha_ih` stands in place of `info_hash`, the port is hidden, and nothing
/// else changes (BEP 8). Peer id, counters and event stay readable. Never log the result.
@SuppressWarnings("exports") // who calls this needs no annotations
public final class AnnounceQuery {

    private AnnounceQuery() {}

    public static String encode(AnnounceRequest request, AnnounceForm form) {
        return encode(request, form, null);
    }

    /// Also names our own address, which most trackers ignore.
    ///
    /// @param ip 4 or 16 bytes; null to leave it out
    public static String encode(
            AnnounceRequest request, AnnounceForm form, @Nullable ByteString ip) {
        if (ip != null && ip.length() != 4 && ip.length() != 16) {
            throw new IllegalArgumentException(
                    "ip of %d bytes, allowed 4 or 16".formatted(ip.length()));
        }
        var query = new StringBuilder(320);
        switch (form) {
            case CLEAR -> {
                query.append("info_hash=").append(Percent.encode(request.infoHash().bytes()));
                addIdentity(query, request, request.port());
                if (ip != null) {
                    query.append("&ip=").append(IpText.format(ip.bytes()));
                }
            }
            case OBFUSCATED -> {
                var cipher = AddressCipher.withoutIv(request.infoHash());
                byte[] name = ShaIh.of(request.infoHash()).bytes();
                query.append("sha_ih=").append(Percent.encode(name));
                addIdentity(query, request, cipher.port(request.port()));
                if (ip != null) {
                    byte[] hidden = ip.bytes();
                    cipher.apply(hidden, 0, hidden.length, 0);
                    query.append("&ip=").append(Percent.encode(hidden));
                }
            }
        }
        addRest(query, request);
        return query.toString();
    }

    private static void addIdentity(StringBuilder query, AnnounceRequest request, int port) {
        query.append("&peer_id=").append(Percent.encode(request.peerId().bytes()));
        query.append("&port=").append(port);
    }

    private static void addRest(StringBuilder query, AnnounceRequest request) {
        query.append("&uploaded=").append(request.uploaded());
        query.append("&downloaded=").append(request.downloaded());
        query.append("&left=").append(request.left());
        query.append("&key=").append("%08X".formatted(request.key()));
        if (request.event() != AnnounceEvent.NONE) {
            query.append("&event=").append(request.event().wire());
        }
        if (request.numWant() >= 0) {
            query.append("&numwant=").append(request.numWant());
        }
        query.append("&compact=1&no_peer_id=1");
        switch (request.crypto()) {
            case NONE -> {}
            case SUPPORTED -> query.append("&supportcrypto=1");
            // Both, as Transmission does: some trackers know only one of them.
            case REQUIRED -> query.append("&supportcrypto=1&requirecrypto=1");
        }
        String trackerId = request.trackerId();
        if (trackerId != null) {
            byte[] bytes = trackerId.getBytes(StandardCharsets.ISO_8859_1);
            query.append("&trackerid=").append(Percent.encode(bytes));
        }
    }
}
