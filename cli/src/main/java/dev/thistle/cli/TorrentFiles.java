package dev.thistle.cli;

import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.metainfo.MetainfoReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Reads torrents from files and web addresses, and finds their data on disk.
final class TorrentFiles {

    /// Of one kind, so that a strange folder does not fill the terminal.
    private static final int MAX_LINES = 10;

    private TorrentFiles() {}

    /// @param what a path, or an http or https address
    /// @throws IOException that names `what` and the reason
    static Metainfo read(String what, Patience patience) throws IOException, InterruptedException {
        String start = what.toLowerCase(Locale.ROOT);
        if (start.startsWith("magnet:")) {
            throw new IOException(
                    "a magnet link names a torrent but does not hold it; allowed: a .torrent file or"
                            + " its address (thistle show explains the link)");
        }
        boolean isAddress = start.startsWith("http://") || start.startsWith("https://");
        byte[] bytes = isAddress ? fetch(what, patience.fetch()) : load(Path.of(what));
        try {
            return MetainfoReader.read(ByteBuffer.wrap(bytes));
        } catch (MalformedException malformed) {
            throw new IOException("%s: %s".formatted(what, malformed.getMessage()), malformed);
        }
    }

    private static byte[] load(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new IOException("%s is a folder, allowed a .torrent file".formatted(file));
        }
        try (InputStream in = Files.newInputStream(file)) {
            return bounded(in, file.toString());
        }
    }

    /// The JDK's own time limit ends with the headers, so the body is waited for here.
    private static byte[] fetch(String address, Duration patience)
            throws IOException, InterruptedException {
        HttpRequest request = request(address);
        HttpClient http =
                HttpClient.newBuilder()
                        .followRedirects(HttpClient.Redirect.NORMAL)
                        .connectTimeout(patience)
                        .build();
        var exchange = new FutureTask<byte[]>(() -> exchange(http, request, address));
        Thread.ofVirtual().name("fetch").start(exchange);
        try {
            return exchange.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException slow) {
            throw new IOException(
                    "%s: nothing whole came within %d s".formatted(address, patience.toSeconds()),
                    slow);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof IOException reason) {
                throw reason;
            }
            throw new IllegalStateException(failed.getCause());
        } finally {
            http.shutdownNow();
        }
    }

    private static HttpRequest request(String address) throws IOException {
        try {
            return HttpRequest.newBuilder(URI.create(address)).GET().build();
        } catch (IllegalArgumentException notAnAddress) {
            throw new IOException("%s: not a web address".formatted(address), notAnAddress);
        }
    }

    private static byte[] exchange(HttpClient http, HttpRequest request, String address)
            throws IOException, InterruptedException {
        HttpResponse<InputStream> response;
        try {
            response = http.send(request, BodyHandlers.ofInputStream());
        } catch (IOException failed) {
            throw new IOException("%s: %s".formatted(address, Failure.describe(failed)), failed);
        }
        try (InputStream body = response.body()) {
            if (response.statusCode() != 200) {
                throw new IOException(
                        "%s: HTTP status %d, allowed 200"
                                .formatted(address, response.statusCode()));
            }
            return bounded(body, address);
        }
    }

    private static byte[] bounded(InputStream in, String from) throws IOException {
        byte[] bytes = in.readNBytes(MetainfoReader.MAX_FILE_BYTES + 1);
        if (bytes.length > MetainfoReader.MAX_FILE_BYTES) {
            throw new IOException(
                    "%s: larger than the %d bytes allowed for a torrent"
                            .formatted(from, MetainfoReader.MAX_FILE_BYTES));
        }
        if (bytes.length == 0) {
            throw new IOException("%s is empty, allowed a .torrent file".formatted(from));
        }
        return bytes;
    }

    /// Tells of files that go on behind the torrent's data, which nobody here cuts off.
    static void noteLonger(Console console, List<String> longer) {
        longer.stream()
                .limit(MAX_LINES)
                .forEach(file ->
                        console.note(
                                "%s is longer than the torrent says; the rest is left as it is"
                                        .formatted(file)));
        if (longer.size() > MAX_LINES) {
            console.note("and so are %d more".formatted(longer.size() - MAX_LINES));
        }
    }
}
