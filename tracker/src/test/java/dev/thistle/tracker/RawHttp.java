package dev.thistle.tracker;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/// Sends exact bytes to a tracker and gives back all that arrives until it closes, as one char a
/// byte.
final class RawHttp {

    private RawHttp() {}

    static String exchange(InetSocketAddress tracker, String request) {
        try (var socket = new Socket(tracker.getAddress(), tracker.getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    static String get(InetSocketAddress tracker, String target) {
        return exchange(
                tracker, "GET " + target + " HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n");
    }

    static String body(String answer) {
        return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }
}
