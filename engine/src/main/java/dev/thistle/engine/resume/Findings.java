package dev.thistle.engine.resume;

import dev.thistle.engine.storage.FileStamp;
import dev.thistle.protocol.metainfo.FileEntry;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.peer.PeerMessageCodec;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What can be believed of [ResumeData], seeing what the files look like now. Whoever gets the bit
/// sets owns them.
///
/// A file that looks as it was saved is believed. A run that was killed went on writing after its
/// last save, so its files may be younger and longer, by [#GRACE_MILLIS] at most: pieces that are
/// verified are never written again. Everything in any other file is in doubt.
///
/// @param trusted pieces that are there and right
/// @param inDoubt pieces to be hashed; all others are missing
/// @param unfinished blocks that are there, of pieces that are not yet whole
/// @param remarks for people: what was not believed, and why
public record Findings(
        BitSet trusted, BitSet inDoubt, Map<Integer, BitSet> unfinished, List<String> remarks) {

    /// Between two saves of a running torrent, on the slowest of machines.
    public static final long GRACE_MILLIS = 30_000;

    /// Of one kind; the rest is counted.
    private static final int MAX_REMARKS = 10;

    /// Everything is to be hashed, for want of anything to believe.
    public static Findings nothing(Metainfo metainfo, List<String> remarks) {
        var all = new BitSet();
        all.set(0, metainfo.pieceCount());
        return new Findings(new BitSet(), all, Map.of(), remarks);
    }

    /// Compares.
    ///
    /// @param now the files as they are, in the torrent's order; none if the store knows no files
    /// @param boot of this moment, from [Boot]
    public static Findings of(
            ResumeData data, Metainfo metainfo, List<FileStamp> now, String boot) {
        if (!data.infoHash().equals(metainfo.infoHash())) {
            return nothing(metainfo, List.of("the resume file is of another torrent"));
        }
        if (now.size() != metainfo.files().size() || data.files().size() != now.size()) {
            return nothing(metainfo, List.of("the resume file knows other files"));
        }
        if (!data.isSettled() && (boot.isEmpty() || !data.boot().equals(boot))) {
            return nothing(
                    metainfo,
                    List.of("the machine went down during the last run: everything is checked"));
        }
        var inDoubt = new BitSet();
        var remarks = new ArrayList<String>();
        for (int i = 0; i < now.size(); i++) {
            FileEntry file = metainfo.files().get(i);
            if (file.lengthBytes() > 0 && !isBelieved(data, data.files().get(i), now.get(i))) {
                inDoubt.set(
                        Math.toIntExact(file.position() / metainfo.pieceLengthBytes()),
                        lastPiece(metainfo, file) + 1);
                remarks.add(
                        "%s %s"
                                .formatted(
                                        String.join("/", file.path()),
                                        change(data.files().get(i), now.get(i))));
            }
        }
        var trusted = new BitSet();
        trusted.or(data.verified());
        trusted.clear(metainfo.pieceCount(), Math.max(trusted.length(), metainfo.pieceCount()));
        trusted.andNot(inDoubt);
        return new Findings(
                trusted, inDoubt, unfinished(data, metainfo, trusted, inDoubt), brief(remarks));
    }

    private static int lastPiece(Metainfo metainfo, FileEntry file) {
        long last = file.position() + file.lengthBytes() - 1;
        return Math.toIntExact(last / metainfo.pieceLengthBytes());
    }

    private static boolean isBelieved(ResumeData data, FileStamp then, FileStamp now) {
        if (now.equals(then)) {
            return true;
        }
        return !data.isSettled()
                && now.lengthBytes() >= then.lengthBytes()
                && Math.abs(now.modifiedMillis() - data.savedMillis()) <= GRACE_MILLIS;
    }

    private static String change(FileStamp then, FileStamp now) {
        if (!now.isThere()) {
            return "is gone: what it held is downloaded again";
        }
        return then.isThere()
                ? "was changed since the last run: it is checked"
                : "is new here: it is checked";
    }

    /// Pieces whose blocks are all there lack nothing but the look at their hash: they go to those
    /// in doubt.
    private static Map<Integer, BitSet> unfinished(
            ResumeData data, Metainfo metainfo, BitSet trusted, BitSet inDoubt) {
        var unfinished = new HashMap<Integer, BitSet>();
        data.unfinished()
                .forEach((piece, saved) -> {
                    if (piece >= metainfo.pieceCount()
                            || trusted.get(piece)
                            || inDoubt.get(piece)) {
                        return;
                    }
                    int count =
                            Math.ceilDiv(
                                    metainfo.pieceLengthBytes(piece), PeerMessageCodec.BLOCK_BYTES);
                    BitSet blocks = saved.get(0, count);
                    if (blocks.cardinality() == count) {
                        inDoubt.set(piece);
                    } else if (!blocks.isEmpty()) {
                        unfinished.put(piece, blocks);
                    }
                });
        return unfinished;
    }

    private static List<String> brief(List<String> remarks) {
        if (remarks.size() <= MAX_REMARKS) {
            return remarks;
        }
        var brief = new ArrayList<>(remarks.subList(0, MAX_REMARKS));
        brief.add("and so on: %d files in all".formatted(remarks.size()));
        return brief;
    }
}
