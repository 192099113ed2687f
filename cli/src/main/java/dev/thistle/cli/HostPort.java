package dev.thistle.cli;

import dev.thistle.protocol.PeerAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/// `HOST:PORT` as people type it: `192.0.2.7:6881`, `[2001:db8::1]:6881`, `example.org:6881`.
record HostPort(String host, int port) {

    static HostPort parse(String text) throws IOException {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        String digits = text.substring(colon + 1);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        String bare = bracketed ? host.substring(1, host.length() - 1) : host;
        boolean isPort = digits.matches("\\d{1,5}") && Integer.parseInt(digits) <= 0xFFFF;
        if (bare.isEmpty() || !isPort || (!bracketed && bare.contains(":"))) {
            throw new IOException(
                    "'%s', allowed HOST:PORT such as 192.0.2.7:6881 or [2001:db8::1]:6881"
                            .formatted(text));
        }
        return new HostPort(bare, Integer.parseInt(digits));
    }

    /// The address to listen on or to call; looks names up.
    InetSocketAddress address() throws IOException {
        return new InetSocketAddress(InetAddress.getByName(host), port);
    }

    /// The address as it stands in a URL.
    static String text(InetAddress address) {
        String literal = address.getHostAddress();
        return literal.contains(":") ? "[" + literal + "]" : literal;
    }

    /// Every address of the host.
    List<PeerAddress> peers() throws IOException {
        List<PeerAddress> peers = new ArrayList<>();
        for (InetAddress address : InetAddress.getAllByName(host)) {
            peers.add(PeerAddress.of(address.getAddress(), port));
        }
        return peers;
    }
}
