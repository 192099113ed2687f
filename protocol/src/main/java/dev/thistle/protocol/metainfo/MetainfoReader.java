package dev.thistle.protocol.metainfo;

import static dev.thistle.protocol.MalformedException.Rule.BAD_VALUE;
import static dev.thistle.protocol.MalformedException.Rule.TOO_LARGE;

import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.InfoHashes;
import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.Sha256;
import dev.thistle.protocol.bencode.BencodeReader;
import dev.thistle.protocol.bencode.BencodeReader.Keys;
import dev.thistle.protocol.bencode.BencodeValue;
import dev.thistle.protocol.bencode.BencodeValue.Dict;
import dev.thistle.protocol.bencode.BencodeValue.Int;
import dev.thistle.protocol.bencode.BencodeValue.Text;
import dev.thistle.protocol.merkle.PieceLayers;
import dev.thistle.protocol.metainfo.Metainfo.Provenance;
import dev.thistle.protocol.metainfo.Metainfo.Sources;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads a `.torrent` of v1, v2 or both (BEP 3, BEP 52). Stateless.
///
/// What the info-hash covers must be right: sizes that do not agree, limits passed, keys twice are
/// refused, each with one line that names the key. What stands around it is advice (trackers,
/// comments): what is unusable there is left out. Keys of v1 may be unsorted, as in torrents of old
/// tools, because the hash is taken over the bytes as they are; bytes after the torrent are
/// ignored, as other clients do. Piece layers must lead to the roots of their files.
public final class MetainfoReader {

    /// A torrent of the most pieces has 40 MiB of hashes; the rest is room for names.
    public static final int MAX_FILE_BYTES = 64 * 1024 * 1024;

    /// A piece is hashed as a whole before any of it is shared, so it must fit into memory a few
    /// times over. Eight times what any tool makes by itself.
    public static final int MAX_PIECE_LENGTH_BYTES = 128 * 1024 * 1024;

    /// 2^21, libtorrent's limit too: 40 MiB of hashes, 256 KiB of bitfield from every peer.
    public static final int MAX_PIECES = 1 << 21;

    /// No honest torrent comes near. [BencodeReader#MAX_TOKENS] ends sooner, at about 330 000,
    /// since a file is six values.
    public static final int MAX_FILES = 1_000_000;

    /// 2^48, all files together: [#MAX_PIECES] of [#MAX_PIECE_LENGTH_BYTES], so that sums of
    /// lengths and positions never come near the end of a `long`.
    public static final long MAX_LENGTH_BYTES = 1L << 48;

    /// A tracker asks for one announce in half an hour; with more trackers than this a client would
    /// be announcing all the time. The rest of a longer list is ignored.
    public static final int MAX_TRACKERS = 50;

    /// Tiers are tried one after the other; nobody waits for the twenty-first.
    public static final int MAX_TIERS = 20;

    /// As many web servers as trackers. The rest of a longer list is ignored.
    public static final int MAX_WEB_SEEDS = 50;

    /// The end of the year 9999: later dates are no dates.
    private static final long MAX_EPOCH_SECOND = 253_402_300_799L;

    private MetainfoReader() {}

    /// Reads the torrent between position and limit of `file`, which is left as it is and may be
    /// reused afterwards.
    public static Metainfo read(ByteBuffer file) throws MalformedException {
        if (file.remaining() > MAX_FILE_BYTES) {
            throw new MalformedException(
                    TOO_LARGE,
                    "torrent",
                    "%d bytes, allowed up to %d".formatted(file.remaining(), MAX_FILE_BYTES));
        }
        ByteBuffer in = file.slice();
        if (!(BencodeReader.readFirst(in, Keys.UNIQUE) instanceof Dict torrent)) {
            throw new MalformedException(
                    BAD_VALUE, "torrent", "not a dictionary, allowed only a .torrent file");
        }
        Dict info =
                torrent.dict("info")
                        .orElseThrow(() ->
                                new MalformedException(
                                        BAD_VALUE, "info", "missing, allowed a dictionary"));
        ByteBuffer infoBytes = copy(in.slice(info.start(), info.end() - info.start()));
        TorrentInfo read = InfoReader.read(infoBytes, info);
        return new Metainfo(
                infoHashes(read.version(), infoBytes),
                infoBytes,
                read,
                PieceLayersReader.read(torrent, read),
                sources(torrent),
                provenance(torrent));
    }

    /// Reads the info dictionary that peers sent for a magnet link (BEP 9). Piece layers are not in
    /// it: those of a v2 torrent are still to be fetched ([Metainfo#pieceLayers] has none).
    ///
    /// @param info the whole dictionary; left as it is and may be reused afterwards
    /// @throws MalformedException also if the dictionary is not what the link names
    public static Metainfo readInfo(ByteBuffer info, Magnet link) throws MalformedException {
        ByteBuffer infoBytes = copy(info);
        requireNamed(infoBytes, link.infoHashes());
        if (!(BencodeReader.readAll(infoBytes.duplicate(), Keys.UNIQUE) instanceof Dict dict)) {
            throw Refusal.of("info", "not a dictionary, allowed only that");
        }
        TorrentInfo read = InfoReader.read(infoBytes, dict);
        return new Metainfo(
                infoHashes(read.version(), infoBytes),
                infoBytes,
                read,
                PieceLayers.NONE,
                new Sources(
                        link.trackers().stream().map(List::of).toList(),
                        List.of(),
                        link.webSeeds()),
                new Provenance(null, null, null));
    }

    private static void requireNamed(ByteBuffer info, InfoHashes named) throws MalformedException {
        InfoHashes found = infoHashes(MetaVersion.HYBRID, info);
        Refusal.require(
                (named.v1().isEmpty() || named.v1().equals(found.v1()))
                        && (named.v2().isEmpty() || named.v2().equals(found.v2())),
                "info",
                "has the info-hash %s, allowed %s".formatted(found, named));
    }

    private static InfoHashes infoHashes(MetaVersion version, ByteBuffer info) {
        return switch (version) {
            case V1 -> InfoHashes.v1(InfoHash.of(digest("SHA-1", info)));
            case V2 -> InfoHashes.v2(Sha256.of(digest("SHA-256", info)));
            case HYBRID ->
                    InfoHashes.hybrid(
                            InfoHash.of(digest("SHA-1", info)), Sha256.of(digest("SHA-256", info)));
        };
    }

    private static ByteBuffer copy(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(bytes.position(), copy);
        return ByteBuffer.wrap(copy);
    }

    private static Sources sources(Dict torrent) {
        List<List<String>> announceList = SourceUrls.tiers(torrent, "announce-list");
        if (announceList.isEmpty()) { // an empty list is common and must not hide the tracker
            List<String> announce = SourceUrls.urls(torrent, "announce");
            announceList = announce.isEmpty() ? List.of() : List.of(announce);
        }
        return new Sources(
                announceList,
                SourceUrls.tiers(torrent, "obfuscate-announce-list"),
                SourceUrls.urls(torrent, "url-list"));
    }

    private static Provenance provenance(Dict torrent) {
        String comment = text(torrent, "comment.utf-8");
        return new Provenance(
                comment == null ? text(torrent, "comment") : comment,
                text(torrent, "created by"),
                date(torrent.value("creation date").orElse(null)));
    }

    private static @Nullable String text(Dict torrent, String key) {
        return torrent.value(key).orElse(null) instanceof Text(var bytes) ? bytes.toString() : null;
    }

    private static @Nullable Instant date(@Nullable BencodeValue value) {
        return value instanceof Int(long second) && second >= 0 && second <= MAX_EPOCH_SECOND
                ? Instant.ofEpochSecond(second)
                : null;
    }

    private static byte[] digest(String algorithm, ByteBuffer bytes) {
        try {
            MessageDigest digest = MessageDigest.getInstance(algorithm);
            digest.update(bytes.duplicate());
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has " + algorithm, e);
        }
    }
}
