package dev.thistle.engine.limits;

import java.net.Inet6Address;
import java.net.InetAddress;

/// The addresses of this machine and of the network at home: loopback, link-local (169.254/16,
/// fe80::/10), private (10/8, 172.16/12, 192.168/16, RFC 1918) and unique local (fc00::/7, RFC
/// 4193).
public final class HomeNetwork {

    private HomeNetwork() {}

    public static boolean contains(InetAddress address) {
        return address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || (address instanceof Inet6Address && (address.getAddress()[0] & 0xFE) == 0xFC);
    }
}
