package dev.thistle.protocol.tracker.udp;

import static dev.thistle.protocol.tracker.udp.UdpAction.ANNOUNCE;
import static dev.thistle.protocol.tracker.udp.UdpAction.CONNECT;
import static dev.thistle.protocol.tracker.udp.UdpAction.SCRAPE;
import static dev.thistle.protocol.tracker.udp.UdpAction.tooShort;

import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.PeerId;
import dev.thistle.protocol.tracker.AnnounceEvent;
import dev.thistle.protocol.tracker.AnnounceRequest;
import dev.thistle.protocol.tracker.CryptoLevel;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Turns [UdpRequest]s into datagrams and back (BEP 15, BEP 41). Stateless; big-endian throughout.
///
///     connect   magic 8 | 0 4 | tid 4
///     announce  connection id 8 | 1 4 | tid 4 | info-hash 20 | peer id 20 | downloaded 8 |
///               left 8 | uploaded 8 | event 4 | ip 4 | key 4 | wanted 4 | port 2 | options
///     scrape    connection id 8 | 2 4 | tid 4 | n x info-hash 20
///
/// The field `ip` is written as 0 and not read: it would let anybody announce others. An option is
/// its kind, its length and its data, a byte each for the first two; 0 ends them, 1 is a filler.
public final class UdpRequestCodec {

    /// Room for every request: 98 bytes, and 2 KiB for the path of the tracker's URL.
    public static final int MAX_BYTES = 2_200;

    private static final long MAGIC = 0x41727101980L;
    private static final int HEADER_BYTES = 16;
    private static final int ANNOUNCE_BYTES = 98;

    private static final int OPTION_END = 0;
    private static final int OPTION_NOP = 1;
    private static final int OPTION_URL_DATA = 2;
    private static final int MAX_OPTION_BYTES = 255;

    /// The longest path and query that a URL may bring along.
    static final int MAX_URL_DATA_BYTES = 2_048;

    /// By their numbers. `paused` is what libtorrent sends for partial seeds (BEP 21); the BEP has
    /// the first four.
    private static final List<AnnounceEvent> EVENTS =
            List.of(
                    AnnounceEvent.NONE,
                    AnnounceEvent.COMPLETED,
                    AnnounceEvent.STARTED,
                    AnnounceEvent.STOPPED,
                    AnnounceEvent.PAUSED);

    private UdpRequestCodec() {}

    /// Appends `request` to `out`, which needs room for [#MAX_BYTES].
    ///
    /// @throws IllegalArgumentException for a malformed one, or if its URL data is too long
    public static void encode(UdpRequest request, ByteBuffer out) {
        switch (request) {
            case UdpRequest.Connect(int transactionId) ->
                    out.putLong(MAGIC).putInt(CONNECT).putInt(transactionId);
            case UdpRequest.Announce(long id, int transactionId, var announce, String urlData) -> {
                out.putLong(id).putInt(ANNOUNCE).putInt(transactionId);
                encode(announce, out);
                encodeUrlData(urlData, out);
            }
            case UdpRequest.Scrape(long id, int transactionId, List<InfoHash> torrents) -> {
                out.putLong(id).putInt(SCRAPE).putInt(transactionId);
                torrents.forEach(torrent -> torrent.writeTo(out));
            }
            case UdpRequest.Malformed _ ->
                    throw new IllegalArgumentException("a malformed request cannot be encoded");
        }
    }

    private static void encode(AnnounceRequest announce, ByteBuffer out) {
        announce.infoHash().writeTo(out);
        out.put(announce.peerId().bytes());
        out.putLong(announce.downloaded()).putLong(announce.left()).putLong(announce.uploaded());
        out.putInt(EVENTS.indexOf(announce.event()));
        out.putInt(0); // our address: the one this comes from
        out.putInt(announce.key()).putInt(announce.numWant()).putShort((short) announce.port());
    }

    private static void encodeUrlData(String urlData, ByteBuffer out) {
        byte[] bytes = urlData.getBytes(StandardCharsets.ISO_8859_1);
        if (bytes.length > MAX_URL_DATA_BYTES) {
            throw new IllegalArgumentException(
                    "path of %d bytes, allowed %d".formatted(bytes.length, MAX_URL_DATA_BYTES));
        }
        for (int from = 0; from < bytes.length; from += MAX_OPTION_BYTES) {
            int length = Math.min(bytes.length - from, MAX_OPTION_BYTES);
            out.put((byte) OPTION_URL_DATA).put((byte) length).put(bytes, from, length);
        }
    }

    /// Reads the request that `datagram` holds between position and limit; consumes it.
    public static UdpRequest decode(ByteBuffer datagram) {
        if (datagram.remaining() < HEADER_BYTES) {
            return new UdpRequest.Malformed(tooShort("request", datagram, HEADER_BYTES));
        }
        long id = datagram.getLong();
        int action = datagram.getInt();
        int transactionId = datagram.getInt();
        return switch (action) {
            case CONNECT ->
                    id == MAGIC
                            ? new UdpRequest.Connect(transactionId)
                            : new UdpRequest.Malformed("connect without the protocol's number");
            case ANNOUNCE -> decodeAnnounce(id, transactionId, datagram);
            case SCRAPE -> decodeScrape(id, transactionId, datagram);
            default ->
                    new UdpRequest.Malformed(
                            "request.action: %d, allowed %d..%d"
                                    .formatted(action, CONNECT, SCRAPE));
        };
    }

    private static UdpRequest decodeAnnounce(long id, int transactionId, ByteBuffer in) {
        if (in.remaining() < ANNOUNCE_BYTES - HEADER_BYTES) {
            return new UdpRequest.Malformed(
                    tooShort("announce", in, ANNOUNCE_BYTES - HEADER_BYTES));
        }
        InfoHash infoHash = InfoHash.read(in);
        byte[] peerId = new byte[PeerId.BYTES];
        in.get(peerId);
        long downloaded = unsigned(in.getLong());
        long left = unsigned(in.getLong());
        long uploaded = unsigned(in.getLong());
        int event = in.getInt();
        var _ = in.getInt(); // ip
        int key = in.getInt();
        int wanted = Math.max(in.getInt(), -1);
        int port = Short.toUnsignedInt(in.getShort());
        var request =
                new AnnounceRequest(
                        infoHash,
                        PeerId.of(peerId),
                        port,
                        uploaded,
                        downloaded,
                        left,
                        event >= 0 && event < EVENTS.size()
                                ? EVENTS.get(event)
                                : AnnounceEvent.NONE,
                        wanted,
                        key,
                        CryptoLevel.NONE,
                        null);
        return new UdpRequest.Announce(id, transactionId, request, decodeUrlData(in));
    }

    /// Counters above 2^63, such as the -1 of clients that do not know, are as large as can be.
    private static long unsigned(long counter) {
        return counter < 0 ? Long.MAX_VALUE : counter;
    }

    /// What cannot be read ends the options: nobody is refused for them.
    private static String decodeUrlData(ByteBuffer in) {
        var url = new ByteArrayOutputStream();
        while (in.hasRemaining()) {
            int option = Byte.toUnsignedInt(in.get());
            if (option == OPTION_END) {
                break;
            }
            if (option != OPTION_NOP) {
                int length = in.hasRemaining() ? Byte.toUnsignedInt(in.get()) : 0;
                if (length > in.remaining()) {
                    break;
                }
                byte[] data = new byte[length];
                in.get(data);
                if (option == OPTION_URL_DATA && url.size() + length <= MAX_URL_DATA_BYTES) {
                    url.writeBytes(data);
                }
            }
        }
        return url.toString(StandardCharsets.ISO_8859_1);
    }

    private static UdpRequest decodeScrape(long id, int transactionId, ByteBuffer in) {
        int count = in.remaining() / InfoHash.BYTES;
        if (count < 1 || count > UdpRequest.MAX_SCRAPED) {
            return new UdpRequest.Malformed(
                    "scrape of %d torrents, allowed 1..%d"
                            .formatted(count, UdpRequest.MAX_SCRAPED));
        }
        var torrents = new ArrayList<InfoHash>(count);
        for (int k = 0; k < count; k++) {
            torrents.add(InfoHash.read(in));
        }
        return new UdpRequest.Scrape(id, transactionId, torrents);
    }
}
