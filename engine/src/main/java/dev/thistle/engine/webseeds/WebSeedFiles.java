package dev.thistle.engine.webseeds;

import dev.thistle.protocol.metainfo.FileEntry;
import dev.thistle.protocol.metainfo.Metainfo;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Where a web seed has the files of a torrent, and which of them a stretch of the torrent is made
/// of. Pure; for any thread.
///
/// The URL of a single-file torrent is the file's own, or its folder's if it ends with a slash.
/// That of others is the folder in which the torrent's folder is (BEP 19).
final class WebSeedFiles {

    /// Bytes that follow one another in one file; of no file where only padding is.
    ///
    /// @param from bytes of the file before it
    record Stretch(Optional<FileEntry> file, long from, int lengthBytes) {}

    private final String base;
    private final Metainfo metainfo;

    WebSeedFiles(String base, Metainfo metainfo) {
        this.base = base;
        this.metainfo = metainfo;
    }

    /// Where `file` is.
    ///
    /// @throws IOException if it cannot be named in a URL, or the URL is none
    URI uri(FileEntry file) throws IOException {
        var url = new StringBuilder(base);
        if (metainfo.isSingleFile()) {
            if (base.endsWith("/")) {
                url.append(escaped(metainfo.name()));
            }
        } else {
            url.append(base.endsWith("/") ? "" : "/").append(escaped(metainfo.name()));
            for (String element : file.path()) {
                url.append('/').append(escaped(element));
            }
        }
        try {
            return URI.create(URI.create(url.toString()).toASCIIString());
        } catch (IllegalArgumentException notAnAddress) {
            throw new IOException("%s: not a URL".formatted(base), notAnAddress);
        }
    }

    /// Everything but letters, digits and `-._~` is escaped, so that no name can lead elsewhere.
    private static String escaped(String element) throws IOException {
        if (element.equals(".") || element.equals("..")) {
            throw new IOException("a file whose name would lead elsewhere");
        }
        var escaped = new StringBuilder();
        for (byte each : element.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (each & 0xFF);
            boolean plain =
                    (c >= 'a' && c <= 'z')
                            || (c >= 'A' && c <= 'Z')
                            || (c >= '0' && c <= '9')
                            || "-._~".indexOf(c) >= 0;
            escaped.append(plain ? String.valueOf(c) : String.format(Locale.ROOT, "%%%02X", each));
        }
        return escaped.toString();
    }

    /// What the bytes from `position` on are made of, in order and without a gap.
    List<Stretch> stretches(long position, int lengthBytes) {
        var stretches = new ArrayList<Stretch>();
        long at = position;
        long end = position + lengthBytes;
        List<FileEntry> files = metainfo.files();
        for (int k = firstEndingAfter(position); k < files.size() && at < end; k++) {
            FileEntry file = files.get(k);
            if (file.lengthBytes() == 0 || file.isLink()) {
                continue;
            }
            if (file.position() > at) {
                at = add(stretches, Optional.empty(), 0, at, Math.min(file.position(), end));
            }
            if (at < end) {
                Optional<FileEntry> stored = file.padding() ? Optional.empty() : Optional.of(file);
                at = add(stretches, stored, at - file.position(), at, Math.min(file.end(), end));
            }
        }
        if (at < end) {
            add(stretches, Optional.empty(), 0, at, end);
        }
        return stretches;
    }

    private static long add(
            List<Stretch> stretches, Optional<FileEntry> file, long from, long at, long end) {
        stretches.add(new Stretch(file, from, (int) (end - at)));
        return end;
    }

    /// Torrents may have a million files.
    private int firstEndingAfter(long position) {
        List<FileEntry> files = metainfo.files();
        int low = 0;
        int high = files.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (files.get(middle).end() > position) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}
