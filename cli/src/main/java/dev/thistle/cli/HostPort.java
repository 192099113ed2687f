package dev.thistle.cli;

import dev.thistle.protocol.PeerAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.TypeConversionException;

/// `HOST:PORT` as people type it: `192.0.2.7:6881`, `[2001:db8::1]:6881`, `example.org:6881`.
///
/// @param port 0 to 65535
record HostPort(String host, int port) {

    static HostPort parse(String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        String digits = text.substring(colon + 1);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        String bare = bracketed ? host.substring(1, host.length() - 1) : host;
        boolean isPort = digits.matches("[0-9]{1,5}") && Integer.parseInt(digits) <= 0xFFFF;
        boolean isHost = bare.matches(bracketed ? "[0-9A-Fa-f:.]+(%[\\w.-]+)?" : "[^\\s\\[\\]:%]+");
        if (!isHost || !isPort) {
            throw new TypeConversionException(
                    "'%s', allowed HOST:PORT such as 192.0.2.7:6881 or [2001:db8::1]:6881"
                            .formatted(text));
        }
        return new HostPort(bare, Integer.parseInt(digits));
    }

    /// The address to listen on; looks names up.
    InetSocketAddress address() throws IOException {
        return new InetSocketAddress(InetAddress.getByName(host), port);
    }

    /// The address as it stands in a URL.
    static String text(InetAddress address) {
        String literal = address.getHostAddress();
        return literal.contains(":") ? "[" + literal + "]" : literal;
    }

    /// Every address of the host, to be called.
    List<PeerAddress> peers() throws IOException {
        if (port == 0) {
            throw new UsageException("--peer %s:0, allowed a port from 1 to 65535".formatted(host));
        }
        List<PeerAddress> peers = new ArrayList<>();
        for (InetAddress address : InetAddress.getAllByName(host)) {
            peers.add(PeerAddress.of(address.getAddress(), port));
        }
        return peers;
    }
}
