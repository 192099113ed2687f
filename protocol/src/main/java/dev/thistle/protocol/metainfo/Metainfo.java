package dev.thistle.protocol.metainfo;

import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.InfoHashes;
import dev.thistle.protocol.Sha256;
import dev.thistle.protocol.merkle.PieceLayers;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a `.torrent` says (BEP 3, BEP 52): which files, cut into which pieces, and where to ask for
/// peers. [MetainfoReader] makes it and has checked that the sizes agree.
///
///     v1 files   |  a.bin  | b |      c.bin      |     one stream of spanBytes()
///     v2 files   |  a.bin  |pad| b |  pad  |  c  |     each from the start of a piece
///     pieces     |   0   |   1   |   2   |   3   |     pieceLengthBytes(), the last may be short
///
/// The stream is how bytes are addressed everywhere: `piece * pieceLengthBytes() + begin`. Padding
/// has its place in it but is nowhere stored, sent or counted (BEP 47).
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

    private final InfoHashes infoHashes;
    private final ByteBuffer infoBytes;
    private final TorrentInfo info;
    private final PieceLayout layout;
    private final PieceLayers pieceLayers;
    private final ByteBuffer pieces;
    private final Sources sources;
    private final Provenance provenance;

    /// Takes over `infoBytes`, which nobody may change any more.
    Metainfo(
            InfoHashes infoHashes,
            ByteBuffer infoBytes,
            TorrentInfo info,
            PieceLayers pieceLayers,
            Sources sources,
            Provenance provenance) {
        this.infoHashes = infoHashes;
        this.infoBytes = infoBytes.asReadOnlyBuffer();
        this.info = info;
        this.layout = new PieceLayout(info);
        this.pieceLayers = pieceLayers;
        this.pieces = info.pieces().asBuffer();
        this.sources = sources;
        this.provenance = provenance;
    }

    /// The one name we call the torrent by: of a hybrid that of v1, of v2 alone the first 20 bytes.
    public InfoHash infoHash() {
        return infoHashes.primary();
    }

    /// Every name it has.
    public InfoHashes infoHashes() {
        return infoHashes;
    }

    public MetaVersion version() {
        return info.version();
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

    /// How much of `piece` is data, which is what is asked for and sent: [#pieceLengthBytes()], or
    /// less of the last one, of the last one of a v2 file, and where padding follows.
    ///
    /// @throws IndexOutOfBoundsException unless `piece` is 0 to [#pieceCount] - 1
    public int pieceLengthBytes(int piece) {
        return layout.lengthBytes(piece);
    }

    /// Length of `piece` with the padding at its end, which its SHA-1 covers as zeros.
    ///
    /// @throws IndexOutOfBoundsException unless `piece` is 0 to [#pieceCount] - 1
    public int pieceSpanBytes(int piece) {
        return layout.spanBytes(piece);
    }

    /// 0 (every file is empty) to [MetainfoReader#MAX_PIECES].
    public int pieceCount() {
        return layout.pieceCount();
    }

    /// All data together: the sum of the lengths of all pieces.
    public long lengthBytes() {
        return layout.lengthBytes();
    }

    /// Length of the whole stream, padding included: every position is less.
    public long spanBytes() {
        return layout.spanBytes();
    }

    /// The file in which `piece` begins; in v2 and hybrid torrents all of the piece is of this
    /// file.
    ///
    /// @throws IndexOutOfBoundsException unless `piece` is 0 to [#pieceCount] - 1
    public FileEntry fileAt(int piece) {
        return layout.fileAt(piece);
    }

    /// What `piece` must hash to in v2: the root of its file if that is no longer than a piece,
    /// else from the file's layer.
    ///
    /// @param layers those of the torrent, perhaps fetched later than this was read
    /// @return empty when the layer is not there yet, or in a torrent of v1
    public Optional<Sha256> pieceRoot(int piece, PieceLayers layers) {
        FileEntry file = fileAt(piece);
        long first = file.position() / pieceLengthBytes();
        return file.piecesRoot()
                .flatMap(root ->
                        file.lengthBytes() <= pieceLengthBytes()
                                ? Optional.of(root)
                                : layers.of(root).map(layer -> layer.hash(piece - first)));
    }

    /// Whether there is a hash to hold `piece` against: in v2 that may come later.
    ///
    /// @param layers those of the torrent that are known by now
    public boolean isVerifiable(int piece, PieceLayers layers) {
        return version().hasV1() || pieceRoot(piece, layers).isPresent();
    }

    /// The hashes of pieces that the `.torrent` had for files longer than a piece: all of them, or
    /// none after a magnet link and in v1.
    public PieceLayers pieceLayers() {
        return pieceLayers;
    }

    /// A copy of the SHA-1 that `piece` must have in v1.
    ///
    /// @throws IndexOutOfBoundsException unless `piece` is 0 to [#pieceCount] - 1, and in v2 alone
    public byte[] pieceHash(int piece) {
        byte[] hash = new byte[HASH_BYTES];
        pieces.get(Objects.checkIndex(piece, hashCount()) * HASH_BYTES, hash);
        return hash;
    }

    /// Is `sha1` what `piece` must have in v1?
    ///
    /// @throws IndexOutOfBoundsException unless `piece` is 0 to [#pieceCount] - 1, and in v2 alone
    public boolean pieceMatches(int piece, byte[] sha1) {
        int position = Objects.checkIndex(piece, hashCount()) * HASH_BYTES;
        return pieces.slice(position, HASH_BYTES).equals(ByteBuffer.wrap(sha1));
    }

    private int hashCount() {
        return pieces.limit() / HASH_BYTES;
    }

    /// In torrent order; the positions follow one another without a gap. Padding is among them, in
    /// v2 the implied one.
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
