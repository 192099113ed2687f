package dev.thistle.protocol.tracker.udp;

import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.tracker.AnnounceRequest;
import java.util.List;

/// What a client asks of a tracker in one datagram (BEP 15).
public sealed interface UdpRequest {

    /// Scrapes name at most so many torrents: with more, request and answer no longer fit the
    /// packets that every path carries.
    int MAX_SCRAPED = 74;

    /// Asks for a connection id, which proves that we receive what is sent to our address.
    record Connect(int transactionId) implements UdpRequest {}

    /// An announce. Of the request, crypto level and tracker id do not exist on the wire.
    ///
    /// @param urlData path and query of the tracker's URL (BEP 41); empty for none
    record Announce(long connectionId, int transactionId, AnnounceRequest request, String urlData)
            implements UdpRequest {}

    /// Asks how big swarms are.
    ///
    /// @param torrents 1 to [#MAX_SCRAPED]
    record Scrape(long connectionId, int transactionId, List<InfoHash> torrents)
            implements UdpRequest {
        public Scrape {
            torrents = List.copyOf(torrents);
            if (torrents.isEmpty() || torrents.size() > MAX_SCRAPED) {
                throw new IllegalArgumentException(
                        "%d torrents, allowed 1..%d".formatted(torrents.size(), MAX_SCRAPED));
            }
        }

        /// No digits: requests end up in messages.
        @Override
        public String toString() {
            return "Scrape[torrents=%d]".formatted(torrents.size());
        }
    }

    /// No request. Deserves no answer: its sender's address may be forged.
    ///
    /// @param reason what is wrong and what is allowed
    record Malformed(String reason) implements UdpRequest {}
}
