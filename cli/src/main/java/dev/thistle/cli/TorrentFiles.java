package dev.thistle.cli;

import dev.thistle.engine.storage.FileStore;
import dev.thistle.engine.storage.FileStore.StoredFile;
import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.metainfo.FileEntry;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.metainfo.MetainfoReader;
import dev.thistle.protocol.metainfo.SafePaths;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Reads torrents from files and web addresses, and finds their data on disk.
final class TorrentFiles {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private TorrentFiles() {}

    /// @param what a path, or an http or https address
    /// @throws IOException that names `what` and the reason
    static Metainfo read(String what) throws IOException {
        String start = what.toLowerCase(Locale.ROOT);
        if (start.startsWith("magnet:")) {
            throw new IOException(
                    "a magnet link names a torrent but does not hold it; allowed: a .torrent file or"
                            + " its address (thistle show explains the link)");
        }
        boolean isAddress = start.startsWith("http://") || start.startsWith("https://");
        byte[] bytes = isAddress ? fetch(what) : load(Path.of(what));
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

    private static byte[] fetch(String address) throws IOException {
        try (HttpClient http =
                HttpClient.newBuilder()
                        .followRedirects(HttpClient.Redirect.NORMAL)
                        .connectTimeout(PATIENCE)
                        .build()) {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create(address)).timeout(PATIENCE).GET().build();
            HttpResponse<InputStream> response = http.send(request, BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                if (response.statusCode() != 200) {
                    throw new IOException(
                            "%s: HTTP status %d, allowed 200"
                                    .formatted(address, response.statusCode()));
                }
                return bounded(body, address);
            }
        } catch (IllegalArgumentException notAnAddress) {
            throw new IOException("%s: not a web address".formatted(address), notAnAddress);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while fetching " + address, stopped);
        }
    }

    private static byte[] bounded(InputStream in, String from) throws IOException {
        byte[] bytes = in.readNBytes(MetainfoReader.MAX_FILE_BYTES + 1);
        if (bytes.length > MetainfoReader.MAX_FILE_BYTES) {
            throw new IOException(
                    "%s: larger than the %d bytes allowed for a torrent"
                            .formatted(from, MetainfoReader.MAX_FILE_BYTES));
        }
        return bytes;
    }

    /// The torrent's data below `dir`, under names that are safe on every system.
    static FileStore store(Metainfo metainfo, Path dir, boolean writable) throws IOException {
        List<List<String>> paths = SafePaths.of(metainfo);
        var files = new ArrayList<StoredFile>();
        for (int i = 0; i < paths.size(); i++) {
            FileEntry file = metainfo.files().get(i);
            files.add(
                    new StoredFile(
                            paths.get(i), file.position(), file.lengthBytes(), file.padding()));
        }
        return FileStore.open(dir, files, writable);
    }
}
