package dev.thistle.protocol.tracker.udp;

import dev.thistle.protocol.PeerAddress;
import dev.thistle.protocol.tracker.SwarmCounts;
import java.util.List;

/// What a tracker answers in one datagram (BEP 15).
public sealed interface UdpAnswer {

    /// Gives a connection id.
    record Connected(int transactionId, long connectionId) implements UdpAnswer {}

    /// The announce counted.
    ///
    /// @param intervalSeconds what to wait; as sent, so it may be anything
    /// @param peers all of the address family that carried the datagram; as sent
    record Announced(
            int transactionId,
            int intervalSeconds,
            int leechers,
            int seeders,
            List<PeerAddress> peers)
            implements UdpAnswer {
        public Announced {
            peers = List.copyOf(peers);
        }
    }

    /// The sizes of the swarms, in the order in which they were asked for. The wire has seeders,
    /// completions and leechers; `downloaders` is -1.
    record Scraped(int transactionId, List<SwarmCounts> counts) implements UdpAnswer {
        public Scraped {
            counts = List.copyOf(counts);
        }
    }

    /// The tracker does not serve us.
    ///
    /// @param reason one line for people
    record Refused(int transactionId, String reason) implements UdpAnswer {}

    /// No answer.
    ///
    /// @param reason what is wrong and what is allowed
    record Malformed(String reason) implements UdpAnswer {}
}
