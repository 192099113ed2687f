package dev.thistle.engine.discovery;

import dev.thistle.net.http.HttpCaller;
import dev.thistle.protocol.tracker.udp.UdpTrackerUrl;
import java.io.IOException;
import java.net.URI;

/// How a tracker is spoken to, by the scheme of its URL.
sealed interface TrackerAddress {

    /// Over HTTP or HTTPS.
    record Web(URI uri) implements TrackerAddress {}

    /// In datagrams.
    record Datagram(UdpTrackerUrl url) implements TrackerAddress {}

    /// Reads a tracker's URL.
    ///
    /// @throws IOException if the URL is of no use; it does not quote it, as it may hold a passkey
    static TrackerAddress of(String url) throws IOException {
        return UdpTrackerUrl.isOne(url)
                ? new Datagram(UdpTrackerUrl.parse(url))
                : new Web(web(url));
    }

    /// An http or https URL with its letters escaped.
    static URI web(String url) throws IOException {
        try {
            URI uri = URI.create(URI.create(url).toASCIIString());
            if (HttpCaller.canCall(uri)) {
                return uri;
            }
        } catch (IllegalArgumentException notAnAddress) { // its message has the query: not a cause
            throw new IOException("the tracker's address is not a URL");
        }
        throw new IOException("the tracker's address is not one of http, https or udp");
    }
}
