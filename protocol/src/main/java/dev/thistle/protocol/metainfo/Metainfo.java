package dev.thistle.protocol.metainfo;

import dev.thistle.protocol.InfoHash;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a `.torrent` says (BEP 3): which files, cut into which pieces, and where to ask for peers.
/// [MetainfoReader] makes it and has checked that the sizes agree.
///
///     files   |  a.bin  | b |      c.bin      |     one stream of lengthBytes()
///     pieces  |   0   |   1   |   2   |  3  |       pieceLengthBytes(), the last may be short
///
/// Texts are as the sender wrote them: not safe as a path or on a terminal. Immutable, for any
/// thread.
public final class Metainfo {

    /// Texts for people, which bind nobody (BEP 3).
    record Provenance(
            @Nullable String comment, @Nullable String createdBy, @Nullable Instant creationDate) {}

    /// Where to find the data: peers by trackers, and web servers that have it (BEP 12, 8, 19).
    record Sources(
            List<List<String>> announceList,
            List<List<String>> obfuscateAnnounceList,
            List<String> webSeeds) {
        Sources {
            announceList = List.copyOf(announceList);
            obfuscateAnnounceList = List.copyOf(obfuscateAnnounceList);
            webSeeds = List.copyOf(webSeeds);
        }
    }

    private static final int HASH_BYTES = 20;

    private final InfoHash infoHash;
    private final ByteBuffer infoBytes;
    private final TorrentInfo info;
    private final ByteBuffer pieces;
    private final Sources sources;
    private final Provenance provenance;

    /// Takes over `infoBytes`, which nobody may change any more.
    Metainfo(
            InfoHash infoHash,
            ByteBuffer infoBytes,
            TorrentInfo info,
            Sources sources,
            Provenance provenance) {
        this.infoHash = infoHash;
        this.infoBytes = infoBytes.asReadOnlyBuffer();
        this.info = info;
        this.pieces = info.pieces().asBuffer();
        this.sources = sources;
        this.provenance = provenance;
    }

    /// SHA-1 of [#infoBytes]; of a hybrid torrent the name in its v1 swarm.
    public InfoHash infoHash() {
        return infoHash;
    }

    /// The `info` dictionary exactly as it stood in the file: what the hash is taken over and what
    /// peers ask for (BEP 9). A read-only view; the caller may move its position.
    public ByteBuffer infoBytes() {
        return infoBytes.duplicate();
    }

    /// The suggested name of the file, or of the folder that holds the files.
    public String name() {
        return info.name();
    }

    /// Length of every piece but perhaps the last; 1 to [MetainfoReader#MAX_PIECE_LENGTH_BYTES].
    public int pieceLengthBytes() {
        return info.pieceLengthBytes();
    }

    /// Length of `piece`, which only for the last one may be less than [#pieceLengthBytes()].
    ///
    /// @throws IndexOutOfBoundsException unless `piece` is 0 to [#pieceCount] - 1
    public int pieceLengthBytes(int piece) {
        Objects.checkIndex(piece, pieceCount());
        long position = (long) piece * pieceLengthBytes();
        return (int) Math.min(pieceLengthBytes(), lengthBytes() - position);
    }

    /// 0 (every file is empty) to [MetainfoReader#MAX_PIECES].
    public int pieceCount() {
        return pieces.limit() / HASH_BYTES;
    }

    /// All files together, padding included.
    public long lengthBytes() {
        return info.lengthBytes();
    }

    /// A copy of the SHA-1 that `piece` must have.
    ///
    /// @throws IndexOutOfBoundsException unless `piece` is 0 to [#pieceCount] - 1
    public byte[] pieceHash(int piece) {
        byte[] hash = new byte[HASH_BYTES];
        pieces.get(Objects.checkIndex(piece, pieceCount()) * HASH_BYTES, hash);
        return hash;
    }

    /// Is `sha1` what `piece` must have?
    ///
    /// @throws IndexOutOfBoundsException unless `piece` is 0 to [#pieceCount] - 1
    public boolean pieceMatches(int piece, byte[] sha1) {
        int position = Objects.checkIndex(piece, pieceCount()) * HASH_BYTES;
        return pieces.slice(position, HASH_BYTES).equals(ByteBuffer.wrap(sha1));
    }

    /// In torrent order; the positions follow one another without a gap.
    public List<FileEntry> files() {
        return info.files();
    }

    /// One file called [#name()], in no folder of its own.
    public boolean isSingleFile() {
        return info.isSingleFile();
    }

    /// Peers may come from the trackers alone: no DHT, exchange or local discovery (BEP 27).
    public boolean isPrivate() {
        return info.isPrivate();
    }

    /// Tiers of tracker URLs in the file's order, not yet shuffled (BEP 12). A lone `announce` is
    /// one tier of one; empty when there is no tracker. Any scheme.
    public List<List<String>> announceList() {
        return sources.announceList();
    }

    /// Tiers of trackers to be asked by BEP 8, so that an observer sees neither torrent nor peers.
    public List<List<String>> obfuscateAnnounceList() {
        return sources.obfuscateAnnounceList();
    }

    /// URLs of BEP 19. Any scheme, any host: whether to go there is the caller's to judge.
    public List<String> webSeeds() {
        return sources.webSeeds();
    }

    public Optional<String> comment() {
        return Optional.ofNullable(provenance.comment());
    }

    public Optional<String> createdBy() {
        return Optional.ofNullable(provenance.createdBy());
    }

    public Optional<Instant> creationDate() {
        return Optional.ofNullable(provenance.creationDate());
    }

    /// The text that makes a private tracker's copy of a torrent a swarm of its own.
    public Optional<String> source() {
        return Optional.ofNullable(info.source());
    }
}
