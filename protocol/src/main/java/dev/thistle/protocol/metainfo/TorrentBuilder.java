package dev.thistle.protocol.metainfo;

import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.Sha256;
import dev.thistle.protocol.bencode.BencodeValue;
import dev.thistle.protocol.bencode.BencodeValue.Dict;
import dev.thistle.protocol.bencode.BencodeValue.Items;
import dev.thistle.protocol.bencode.BencodeValue.Text;
import dev.thistle.protocol.bencode.BencodeWriter;
import dev.thistle.protocol.bencode.ByteString;
import dev.thistle.protocol.merkle.HashLayer;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Makes the bytes of a `.torrent` (BEP 3, BEP 52), canonical: the same content and wishes give the
/// same bytes. Say which version it is to be (v1 unless said) and what the torrent holds, add the
/// hash of each piece in order for v1, the root of each file and the layers for v2, then [#build].
///
/// In a hybrid of several files padding is added behind each that ends within a piece, the last one
/// too, as libtorrent and the reference creator do.
///
/// What is never set is absent from the file, the creation date too. Not thread-safe; a builder
/// makes one torrent.
public final class TorrentBuilder {

    private final Dict.Builder torrent = Dict.builder();
    private final Dict.Builder info = Dict.builder();
    private final int pieceLengthBytes;
    private final boolean isFolder;
    private final long lengthBytes;

    /// Of the only file.
    private final String attr;

    private final FileTree tree = new FileTree();
    private final Dict.Builder layers = Dict.builder();
    private MetaVersion version = MetaVersion.V1;
    private final List<BencodeValue> files = new ArrayList<>();
    private final ByteArrayOutputStream pieces = new ByteArrayOutputStream();
    private final List<List<String>> tiers = new ArrayList<>();
    private final List<List<String>> obfuscateTiers = new ArrayList<>();
    private final List<String> webSeeds = new ArrayList<>();

    private TorrentBuilder(
            String name, int pieceLengthBytes, boolean isFolder, long lengthBytes, String attr) {
        this.pieceLengthBytes = pieceLengthBytes;
        this.isFolder = isFolder;
        this.lengthBytes = lengthBytes;
        this.attr = attr;
        info.put("name", name).put("piece length", pieceLengthBytes);
    }

    /// A torrent of one file. In v2 its path is its name.
    ///
    /// @param pieceLengthBytes see [PieceLength#forTotal]
    public static TorrentBuilder ofFile(String name, long lengthBytes, int pieceLengthBytes) {
        return ofFile(name, lengthBytes, pieceLengthBytes, Set.of());
    }

    /// A torrent of one file that may be executable or hidden (BEP 47).
    ///
    /// @throws IllegalArgumentException if it is to be padding or a link
    public static TorrentBuilder ofFile(
            String name, long lengthBytes, int pieceLengthBytes, Set<FileAttribute> attributes) {
        String attr = attr(attributes);
        var builder = new TorrentBuilder(name, pieceLengthBytes, false, lengthBytes, attr);
        builder.tree.add(List.of(name), lengthBytes, attr);
        return builder;
    }

    private static String attr(Set<FileAttribute> attributes) {
        if (!FileAttribute.OF_CONTENT.containsAll(attributes)) {
            throw new IllegalArgumentException(
                    "a file that is %s, allowed %s"
                            .formatted(attributes, FileAttribute.OF_CONTENT));
        }
        return FileAttribute.letters(attributes);
    }

    /// A torrent of a folder, whose files are then added in the order in which pieces run through
    /// them: in v2 the byte order of their paths, element by element.
    ///
    /// @param pieceLengthBytes see [PieceLength#forTotal]
    public static TorrentBuilder ofFolder(String name, int pieceLengthBytes) {
        return new TorrentBuilder(name, pieceLengthBytes, true, 0, "");
    }

    /// What the torrent is to be. To be said before files are added.
    public TorrentBuilder version(MetaVersion version) {
        if (!files.isEmpty()) {
            throw new IllegalStateException("the version must be known before the files");
        }
        this.version = version;
        return this;
    }

    /// Adds the next file of the folder.
    ///
    /// @param path its elements below the folder, without separators
    public TorrentBuilder file(List<String> path, long lengthBytes) {
        return file(path, lengthBytes, Set.of());
    }

    /// Adds the next file of the folder, which may be executable or hidden (BEP 47).
    ///
    /// @param path its elements below the folder, without separators
    /// @throws IllegalArgumentException if it is to be padding or a link
    public TorrentBuilder file(List<String> path, long lengthBytes, Set<FileAttribute> attributes) {
        if (!isFolder) {
            throw new IllegalStateException("this torrent is one file, not a folder of files");
        }
        String attr = attr(attributes);
        files.add(entry(path, lengthBytes, attr));
        tree.add(path, lengthBytes, attr);
        long over = lengthBytes % pieceLengthBytes;
        if (version == MetaVersion.HYBRID && over != 0) {
            long padding = pieceLengthBytes - over;
            files.add(entry(List.of(".pad", Long.toString(padding)), padding, "p"));
        }
        return this;
    }

    private static Dict entry(List<String> path, long lengthBytes, String attr) {
        var entry = Dict.builder().put("length", lengthBytes).put("path", texts(path));
        return attr.isEmpty() ? entry.build() : entry.put("attr", attr).build();
    }

    /// Tells the root of a file's Merkle tree (v2); of every file that is not empty.
    ///
    /// @param path as it was added, or the name of the only file
    public TorrentBuilder root(List<String> path, Sha256 root) {
        tree.root(path, root);
        return this;
    }

    /// Tells the hashes of all pieces of a file that is longer than one piece (v2).
    ///
    /// @param root of the file
    public TorrentBuilder pieceLayer(Sha256 root, HashLayer layer) {
        byte[] hashes = new byte[layer.asBuffer().remaining()];
        layer.asBuffer().get(hashes);
        layers.put(ByteString.of(root.bytes()), Text.of(hashes));
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
        if (version.hasV1()) {
            if (isFolder) {
                info.put("files", new Items(files));
            } else {
                info.put("length", lengthBytes);
                if (!attr.isEmpty()) {
                    info.put("attr", attr);
                }
            }
            info.put("pieces", pieces.toByteArray());
        }
        if (version.hasV2()) {
            info.put("meta version", 2).put("file tree", tree.build());
            torrent.put("piece layers", layers.build());
        }
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
