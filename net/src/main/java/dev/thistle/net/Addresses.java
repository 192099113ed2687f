package dev.thistle.net;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/// How an address is written in our messages: `10.0.0.1:6881`, `[2001:db8:0:0:0:0:0:1]:6881`, or
/// `tracker.example:80` while the name is not looked up. Never looks a name up itself.
final class Addresses {

    private Addresses() {}

    static String text(InetSocketAddress address) {
        InetAddress ip = address.getAddress();
        String host = ip == null ? address.getHostString() : ip.getHostAddress();
        return (ip instanceof Inet6Address ? "[" + host + "]" : host) + ":" + address.getPort();
    }
}
