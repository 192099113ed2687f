package dev.thistle.protocol.metainfo;

import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.bencode.BencodeValue;
import dev.thistle.protocol.bencode.BencodeValue.Dict;
import dev.thistle.protocol.bencode.BencodeValue.Items;
import dev.thistle.protocol.bencode.BencodeValue.Text;
import dev.thistle.protocol.bencode.BencodeWriter;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Makes the bytes of a v1 `.torrent` (BEP 3), canonical: the same content and wishes give the same
/// bytes. Say what the torrent holds, add the hash of each piece in order, then [#build].
///
/// What is never set is absent from the file, the creation date too. Not thread-safe; a builder
/// makes one torrent.
public final class TorrentBuilder {

    private final Dict.Builder torrent = Dict.builder();
    private final Dict.Builder info = Dict.builder();
    private final boolean isFolder;
    private final List<BencodeValue> files = new ArrayList<>();
    private final ByteArrayOutputStream pieces = new ByteArrayOutputStream();
    private final List<List<String>> tiers = new ArrayList<>();
    private final List<List<String>> obfuscateTiers = new ArrayList<>();
    private final List<String> webSeeds = new ArrayList<>();

    private TorrentBuilder(String name, int pieceLengthBytes, boolean isFolder) {
        this.isFolder = isFolder;
        info.put("name", name).put("piece length", pieceLengthBytes);
    }

    /// A torrent of one file.
    ///
    /// @param pieceLengthBytes see [PieceLength#forTotal]
    public static TorrentBuilder ofFile(String name, long lengthBytes, int pieceLengthBytes) {
        var builder = new TorrentBuilder(name, pieceLengthBytes, false);
        builder.info.put("length", lengthBytes);
        return builder;
    }

    /// A torrent of a folder, whose files are then added in the order in which pieces run through
    /// them.
    ///
    /// @param pieceLengthBytes see [PieceLength#forTotal]
    public static TorrentBuilder ofFolder(String name, int pieceLengthBytes) {
        return new TorrentBuilder(name, pieceLengthBytes, true);
    }

    /// Adds the next file of the folder.
    ///
    /// @param path its elements below the folder, without separators
    public TorrentBuilder file(List<String> path, long lengthBytes) {
        if (!isFolder) {
            throw new IllegalStateException("this torrent is one file, not a folder of files");
        }
        files.add(Dict.builder().put("length", lengthBytes).put("path", texts(path)).build());
        return this;
    }

    /// Adds the SHA-1 of the next piece.
    public TorrentBuilder pieceHash(byte[] sha1) {
        if (sha1.length != InfoHash.BYTES) {
            throw new IllegalArgumentException(
                    "piece hash of %d bytes, allowed 20".formatted(sha1.length));
        }
        pieces.writeBytes(sha1);
        return this;
    }

    /// Adds a tier of trackers, to be tried after the tiers before it (BEP 12).
    ///
    /// @throws IllegalArgumentException if a URL is not one that a reader would keep
    public TorrentBuilder announceTier(List<String> urls) {
        tiers.add(checked(urls));
        return this;
    }

    /// Adds a tier of trackers that are asked in the obfuscated way alone (BEP 8).
    ///
    /// @throws IllegalArgumentException if a URL is not one that a reader would keep
    public TorrentBuilder obfuscateAnnounceTier(List<String> urls) {
        obfuscateTiers.add(checked(urls));
        return this;
    }

    /// Adds a web server that has the files (BEP 19).
    ///
    /// @throws IllegalArgumentException if the URL is not one that a reader would keep
    public TorrentBuilder webSeed(String url) {
        webSeeds.addAll(checked(List.of(url)));
        return this;
    }

    /// Peers may come from the trackers alone (BEP 27).
    public TorrentBuilder isPrivate(boolean isPrivate) {
        if (isPrivate) {
            info.put("private", 1);
        }
        return this;
    }

    /// Any text; it changes the info-hash.
    public TorrentBuilder source(String source) {
        info.put("source", source);
        return this;
    }

    public TorrentBuilder comment(String comment) {
        torrent.put("comment", comment);
        return this;
    }

    public TorrentBuilder createdBy(String program) {
        torrent.put("created by", program);
        return this;
    }

    /// Cut to whole seconds.
    public TorrentBuilder creationDate(Instant date) {
        torrent.put("creation date", date.getEpochSecond());
        return this;
    }

    /// The file.
    ///
    /// @throws IllegalStateException if [MetainfoReader] would refuse it: the count of hashes does
    ///   not fit the lengths, or something is over its limit
    public byte[] build() {
        if (isFolder) {
            info.put("files", new Items(files));
        }
        info.put("pieces", pieces.toByteArray());
        torrent.put("info", info.build());
        if (!tiers.isEmpty()) {
            torrent.put("announce", tiers.getFirst().getFirst());
        }
        if (tiers.size() > 1 || tiers.stream().anyMatch(tier -> tier.size() > 1)) {
            torrent.put("announce-list", tierList(tiers));
        }
        if (!obfuscateTiers.isEmpty()) {
            torrent.put("obfuscate-announce-list", tierList(obfuscateTiers));
        }
        if (!webSeeds.isEmpty()) { // a lone one as a string, the form that every client knows
            torrent.put(
                    "url-list",
                    webSeeds.size() == 1 ? Text.of(webSeeds.getFirst()) : texts(webSeeds));
        }
        byte[] file = BencodeWriter.write(torrent.build());
        try {
            MetainfoReader.read(ByteBuffer.wrap(file));
        } catch (MalformedException unreadable) {
            throw new IllegalStateException(
                    "not a torrent yet: " + unreadable.getMessage(), unreadable);
        }
        return file;
    }

    private static List<String> checked(List<String> urls) {
        if (urls.isEmpty()) {
            throw new IllegalArgumentException("a tier without URLs, allowed one or more");
        }
        for (String url : urls) {
            if (!SourceUrls.url(url).equals(Optional.of(url))) {
                throw new IllegalArgumentException(
                        "URL of %d characters, allowed 1..%d without spaces and controls"
                                .formatted(url.length(), SourceUrls.MAX_URL_CHARS));
            }
        }
        return List.copyOf(urls);
    }

    private static Items tierList(List<List<String>> tiers) {
        return new Items(tiers.stream().<BencodeValue>map(TorrentBuilder::texts).toList());
    }

    private static Items texts(List<String> texts) {
        return new Items(texts.stream().<BencodeValue>map(Text::of).toList());
    }
}
