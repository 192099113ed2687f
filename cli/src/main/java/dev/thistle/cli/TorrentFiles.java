package dev.thistle.cli;

import dev.thistle.net.TcpNetwork;
import dev.thistle.net.http.HttpCaller;
import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.metainfo.MetainfoReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

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
        byte[] bytes = isAddress ? fetch(what, patience) : load(Path.of(what));
        try {
            return MetainfoReader.read(ByteBuffer.wrap(bytes));
        } catch (MalformedException malformed) {
            throw new IOException("%s: %s".formatted(what, malformed.getMessage()), malformed);
        }
    }

    private static byte[] fetch(String address, Patience patience)
            throws IOException, InterruptedException {
        try (var network = new TcpNetwork()) {
            byte[] bytes =
                    new WebTorrent(HttpCaller.over(network)).fetch(address, patience.fetch());
            return nonEmpty(bytes, address);
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

    private static byte[] bounded(InputStream in, String from) throws IOException {
        byte[] bytes = in.readNBytes(MetainfoReader.MAX_FILE_BYTES + 1);
        if (bytes.length > MetainfoReader.MAX_FILE_BYTES) {
            throw new IOException(
                    "%s: larger than the %d bytes allowed for a torrent"
                            .formatted(from, MetainfoReader.MAX_FILE_BYTES));
        }
        return nonEmpty(bytes, from);
    }

    private static byte[] nonEmpty(byte[] bytes, String from) throws IOException {
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
