package dev.thistle.protocol.tracker;

import static dev.thistle.protocol.MalformedException.Rule.BAD_VALUE;

import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.PeerId;
import dev.thistle.protocol.bencode.ByteString;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An announce as a tracker reads it from the query. What BEP 8 hides is still hidden here, because
/// only who has found the torrent can show it: see [#port] and [#statedIp].
@SuppressWarnings("exports") // who calls this needs no annotations
public record ReceivedAnnounce(
        TorrentName torrent,
        PeerId peerId,
        Contact contact,
        Progress progress,
        AnnounceEvent event,
        Wishes wishes,
        CryptoLevel crypto) {

    /// Where the client says it is.
    ///
    /// @param wirePort 0 to 65535, hidden if the torrent's name is
    /// @param cryptoPort the real port of a client that tells old trackers port 0; 0 without one
    /// @param ip as sent, null if it was not: never to be believed without a reason
    /// @param key proves the client after a change of address; null without one
    public record Contact(
            int wirePort, int cryptoPort, @Nullable ByteString ip, @Nullable ByteString key) {}

    /// How far the client is.
    ///
    /// @param left bytes missing; -1 if the client does not know or say
    public record Progress(long uploaded, long downloaded, long left) {}

    /// What the client wants to hear.
    ///
    /// @param numWant peers; -1 if the client leaves it to us
    /// @param compact false only if it asked for the list form
    public record Wishes(int numWant, boolean compact, boolean noPeerId) {}

    /// Reads the query of an announce.
    ///
    /// @param rawQuery what stands behind the first `?`, one char a byte, escapes untouched
    /// @throws MalformedException in words fit for a `failure reason`
    public static ReceivedAnnounce parse(String rawQuery) throws MalformedException {
        var query = QueryString.parse(rawQuery);
        TorrentName torrent = query.torrent();
        ByteString peerId =
                query.first("peer_id")
                        .orElseThrow(() -> new MalformedException(BAD_VALUE, "peer_id", "missing"));
        AnnounceEvent event =
                query.first("event")
                        .map(ByteString::toString)
                        .map(AnnounceEvent::ofWire)
                        .orElse(AnnounceEvent.NONE);
        boolean require = query.flag("requirecrypto");
        boolean support = query.flag("supportcrypto") || torrent instanceof TorrentName.Hidden;
        return new ReceivedAnnounce(
                torrent,
                PeerId.of(QueryString.twenty("peer_id", peerId)),
                new Contact(
                        portOf(query, event),
                        (int) Math.min(query.number("cryptoport", 0), 0x10000) & 0xFFFF,
                        query.first("ip").orElse(null),
                        query.first("key").orElse(null)),
                new Progress(
                        query.number("uploaded", 0),
                        query.number("downloaded", 0),
                        query.number("left", -1)),
                event,
                new Wishes(
                        (int) Math.min(query.number("numwant", -1), Integer.MAX_VALUE),
                        query.number("compact", 1) != 0,
                        query.flag("no_peer_id")),
                require
                        ? CryptoLevel.REQUIRED
                        : support ? CryptoLevel.SUPPORTED : CryptoLevel.NONE);
    }

    private static int portOf(QueryString query, AnnounceEvent event) throws MalformedException {
        // Who leaves needs no port, and some clients then send none.
        long port = query.number("port", event == AnnounceEvent.STOPPED ? 0 : -1);
        if (port < 0 || port > 0xFFFF) {
            throw new MalformedException(
                    BAD_VALUE, "port", "missing or no number, allowed 0..65535");
        }
        return (int) port;
    }

    public boolean isObfuscated() {
        return torrent instanceof TorrentName.Hidden;
    }

    /// Where the client accepts peers; 0 if it cannot.
    ///
    /// A hidden port is shown with R. If that gives 0 the other reading of BEP 8 is tried, in which
    /// the key stream for the port begins where answers keep their masks.
    ///
    /// @param infoHash of the torrent that [#torrent] names
    /// @throws MalformedException if a hidden port is 0 by both readings
    public int port(InfoHash infoHash) throws MalformedException {
        return switch (torrent) {
            case TorrentName.Open _ -> {
                boolean elsewhere = contact.wirePort == 0 && crypto == CryptoLevel.REQUIRED;
                yield elsewhere ? contact.cryptoPort : contact.wirePort;
            }
            case TorrentName.Hidden _ -> {
                var cipher = AddressCipher.withoutIv(infoHash);
                int port = cipher.port(contact.wirePort);
                port = port == 0 ? cipher.portFromMasks(contact.wirePort) : port;
                if (port == 0 && event != AnnounceEvent.STOPPED) {
                    throw new MalformedException(
                            BAD_VALUE, "port", "0 after decoding, allowed 1..65535");
                }
                yield port;
            }
        };
    }

    /// The 4 or 16 bytes of the address the client claims, if it claims one that can be read.
    ///
    /// @param infoHash of the torrent that [#torrent] names
    public Optional<ByteString> statedIp(InfoHash infoHash) {
        ByteString stated = contact.ip;
        if (stated == null) {
            return Optional.empty();
        }
        byte[] bytes = stated.bytes();
        if (isObfuscated()) {
            AddressCipher.withoutIv(infoHash).apply(bytes, 0, bytes.length, 0);
            if (bytes.length == 4 || bytes.length == 16) {
                return Optional.of(ByteString.of(bytes));
            }
        }
        return IpText.parse(new String(bytes, StandardCharsets.ISO_8859_1)).map(ByteString::of);
    }

    /// Says nothing of the torrent or the client.
    @Override
    public String toString() {
        return "ReceivedAnnounce[%s, obfuscated=%s]".formatted(event, isObfuscated());
    }
}
