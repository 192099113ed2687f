package dev.thistle.net;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;

/// The addresses of this machine and of private networks: from elsewhere they are out of reach, or
/// somebody else's. Whoever lets a stranger say where to call must not let him say these.
public final class LocalAddresses {

    private LocalAddresses() {}

    /// Is `address` loopback, unspecified, link-local, private (RFC 1918), unique local (RFC 4193)
    /// or shared behind a provider's address translation (RFC 6598)?
    public static boolean contain(InetAddress address) {
        return address.isLoopbackAddress()
                || address.isAnyLocalAddress()
                || address.isSiteLocalAddress()
                || address.isLinkLocalAddress()
                || isUniqueLocal(address)
                || isSharedSpace(address);
    }

    /// Those of `addresses` that are none, in their order.
    public static List<InetAddress> without(List<InetAddress> addresses) {
        return addresses.stream().filter(each -> !contain(each)).toList();
    }

    /// fc00::/7.
    private static boolean isUniqueLocal(InetAddress address) {
        return address instanceof Inet6Address six && (six.getAddress()[0] & 0xFE) == 0xFC;
    }

    /// 100.64.0.0/10.
    private static boolean isSharedSpace(InetAddress address) {
        byte[] bytes = address.getAddress();
        return bytes.length == 4 && bytes[0] == 100 && (bytes[1] & 0xC0) == 64;
    }
}
