package dev.thistle.tracker.http;

import dev.thistle.protocol.bencode.ByteString;
import dev.thistle.protocol.tracker.IpText;
import java.net.InetAddress;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Finds out who asks. That is the other end of the connection, unless it is a trusted proxy: then
/// the last address of `X-Forwarded-For` that is not a trusted proxy itself, since everything to
/// the left of that was written by the client. Immutable.
final class SourceAddress {

    private final Set<InetAddress> trustedProxies;

    SourceAddress(Set<InetAddress> trustedProxies) {
        this.trustedProxies = Set.copyOf(trustedProxies);
    }

    /// @param forwarded `X-Forwarded-For`, null without one
    AnnounceDesk.Source of(InetAddress remote, @Nullable String forwarded) {
        ByteString ip = ByteString.of(remote.getAddress());
        if (!trustedProxies.contains(remote)) {
            return new AnnounceDesk.Source(ip, !remote.isLoopbackAddress(), false);
        }
        String[] hops = forwarded == null ? new String[0] : forwarded.split(",", -1);
        for (int k = hops.length - 1; k >= 0; k--) {
            Optional<byte[]> hop = IpText.parse(hops[k].strip());
            if (hop.isEmpty()) {
                break;
            }
            ByteString client = ByteString.of(hop.get());
            if (trustedProxies.stream()
                    .noneMatch(proxy -> ByteString.of(proxy.getAddress()).equals(client))) {
                return new AnnounceDesk.Source(client, true, true);
            }
        }
        return new AnnounceDesk.Source(ip, false, true);
    }
}
