package dev.thistle.engine.discovery;

import dev.thistle.engine.settings.LocalTargets;
import dev.thistle.net.LocalAddresses;
import dev.thistle.protocol.tracker.Reach;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/// Which addresses of a host may be called for a torrent: those of one family, so that a tracker
/// sees us by the address we mean (BEP 7), and none on this machine or in private networks if a
/// stranger's torrent must not reach those.
///
/// @param family whose addresses count
/// @param local whether local ones count
public record AddressRule(Family family, LocalTargets local) {

    /// How a host is reached.
    public enum Family {
        IPV4,
        IPV6,
        EITHER;

        boolean has(InetAddress address) {
            return this == EITHER || (this == IPV4) == (address instanceof Inet4Address);
        }

        /// By which families somebody who listens at `address` wants to be known.
        ///
        /// @param address nothing if nobody can call us anyway
        public static List<Family> of(Optional<InetSocketAddress> address) {
            InetAddress ip = address.map(InetSocketAddress::getAddress).orElse(null);
            if (ip == null) {
                return List.of(EITHER);
            }
            if (ip.isAnyLocalAddress()) {
                return List.of(IPV4, IPV6);
            }
            return List.of(ip instanceof Inet4Address ? IPV4 : IPV6);
        }
    }

    /// The host has no address of the family: no reason to think ill of it.
    static final class NoSuchAddressException extends IOException {
        NoSuchAddressException(Family family) {
            super("has no %s address".formatted(family == Family.IPV4 ? "IPv4" : "IPv6"));
        }
    }

    /// Those of `addresses` that may be called, in their order.
    ///
    /// @throws IOException if there is none, with the reason
    public List<InetAddress> choose(List<InetAddress> addresses) throws IOException {
        List<InetAddress> ours = addresses.stream().filter(family::has).toList();
        if (ours.isEmpty()) {
            throw new NoSuchAddressException(family);
        }
        if (local == LocalTargets.ALLOWED) {
            return ours;
        }
        List<InetAddress> outside = LocalAddresses.without(ours);
        if (outside.isEmpty()) {
            throw new IOException("is in a private network, where this torrent may not call");
        }
        return outside;
    }

    /// A tracker on this machine or in a private network knows peers that nobody outside could.
    static Reach reach(InetAddress tracker) {
        return LocalAddresses.contain(tracker) ? Reach.LAB : Reach.INTERNET;
    }
}
