package dev.thistle.protocol.tracker.udp;

import static dev.thistle.protocol.tracker.udp.UdpAction.ANNOUNCE;
import static dev.thistle.protocol.tracker.udp.UdpAction.CONNECT;
import static dev.thistle.protocol.tracker.udp.UdpAction.REFUSAL;
import static dev.thistle.protocol.tracker.udp.UdpAction.SCRAPE;
import static dev.thistle.protocol.tracker.udp.UdpAction.tooShort;

import dev.thistle.protocol.PeerAddress;
import dev.thistle.protocol.tracker.SwarmCounts;
import dev.thistle.protocol.tracker.TrackerText;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Turns [UdpAnswer]s into datagrams and back (BEP 15). Stateless; big-endian throughout.
///
///     connected  0 4 | tid 4 | connection id 8
///     announced  1 4 | tid 4 | interval 4 | leechers 4 | seeders 4 | n x (address 4 or 16, port 2)
///     scraped    2 4 | tid 4 | n x (seeders 4, completed 4, leechers 4)
///     refused    3 4 | tid 4 | text
public final class UdpAnswerCodec {

    /// The largest payload of an IPv4 datagram. Nothing legal comes near it, but what is received
    /// into less room is cut off without a word.
    public static final int MAX_BYTES = 65_507;

    private static final int HEADER_BYTES = 8;
    private static final int ANNOUNCED_BYTES = 20;
    private static final int COUNTS_BYTES = 12;

    private UdpAnswerCodec() {}

    /// Appends `answer` to `out`.
    ///
    /// @throws IllegalArgumentException for a malformed one
    public static void encode(UdpAnswer answer, ByteBuffer out) {
        switch (answer) {
            case UdpAnswer.Connected(int transactionId, long connectionId) ->
                    out.putInt(CONNECT).putInt(transactionId).putLong(connectionId);
            case UdpAnswer.Announced announced -> {
                out.putInt(ANNOUNCE).putInt(announced.transactionId());
                out.putInt(announced.intervalSeconds());
                out.putInt(announced.leechers()).putInt(announced.seeders());
                announced.peers().forEach(peer -> peer.writeTo(out));
            }
            case UdpAnswer.Scraped(int transactionId, List<SwarmCounts> counts) -> {
                out.putInt(SCRAPE).putInt(transactionId);
                for (SwarmCounts swarm : counts) {
                    out.putInt(swarm.complete()).putInt(swarm.downloaded());
                    out.putInt(swarm.incomplete());
                }
            }
            case UdpAnswer.Refused(int transactionId, String reason) ->
                    out.putInt(REFUSAL)
                            .putInt(transactionId)
                            .put(reason.getBytes(StandardCharsets.UTF_8));
            case UdpAnswer.Malformed _ ->
                    throw new IllegalArgumentException("a malformed answer cannot be encoded");
        }
    }

    /// Reads the answer that `datagram` holds between position and limit; consumes it. Bytes behind
    /// what the answer needs are passed over.
    ///
    /// @param entryBytes what a peer takes: 6 over IPv4 and 18 over IPv6, as no field says
    public static UdpAnswer decode(ByteBuffer datagram, int entryBytes) {
        if (datagram.remaining() < HEADER_BYTES) {
            return new UdpAnswer.Malformed(tooShort("answer", datagram, HEADER_BYTES));
        }
        int action = datagram.getInt();
        int transactionId = datagram.getInt();
        return switch (action) {
            case CONNECT ->
                    datagram.remaining() < Long.BYTES
                            ? new UdpAnswer.Malformed(tooShort("connected", datagram, Long.BYTES))
                            : new UdpAnswer.Connected(transactionId, datagram.getLong());
            case ANNOUNCE -> decodeAnnounced(transactionId, datagram, entryBytes);
            case SCRAPE -> decodeScraped(transactionId, datagram);
            case REFUSAL -> {
                byte[] text = new byte[datagram.remaining()];
                datagram.get(text);
                String reason = TrackerText.line(text);
                yield new UdpAnswer.Refused(
                        transactionId, reason.isEmpty() ? "refused without a reason" : reason);
            }
            default ->
                    new UdpAnswer.Malformed(
                            "answer.action: %d, allowed %d..%d"
                                    .formatted(action, CONNECT, REFUSAL));
        };
    }

    private static UdpAnswer decodeAnnounced(int transactionId, ByteBuffer in, int entryBytes) {
        if (in.remaining() < ANNOUNCED_BYTES - HEADER_BYTES) {
            return new UdpAnswer.Malformed(
                    tooShort("announced", in, ANNOUNCED_BYTES - HEADER_BYTES));
        }
        int interval = in.getInt();
        int leechers = in.getInt();
        int seeders = in.getInt();
        var peers = new ArrayList<PeerAddress>(in.remaining() / entryBytes);
        while (in.remaining() >= entryBytes) {
            peers.add(PeerAddress.read(in, entryBytes));
        }
        return new UdpAnswer.Announced(transactionId, interval, leechers, seeders, peers);
    }

    private static UdpAnswer decodeScraped(int transactionId, ByteBuffer in) {
        var counts = new ArrayList<SwarmCounts>();
        while (in.remaining() >= COUNTS_BYTES && counts.size() < UdpRequest.MAX_SCRAPED) {
            int complete = Math.max(in.getInt(), -1);
            int downloaded = Math.max(in.getInt(), -1);
            counts.add(new SwarmCounts(complete, Math.max(in.getInt(), -1), downloaded, -1));
        }
        return new UdpAnswer.Scraped(transactionId, counts);
    }
}
