package dev.thistle.engine.torrent;

import dev.thistle.engine.resume.Boot;
import dev.thistle.engine.resume.Findings;
import dev.thistle.engine.resume.ResumeData;
import dev.thistle.engine.resume.ResumeData.Described;
import dev.thistle.engine.resume.ResumeData.Totals;
import dev.thistle.engine.resume.ResumeFile;
import dev.thistle.engine.settings.ResumeSettings;
import dev.thistle.engine.settings.Selection;
import dev.thistle.engine.snapshot.TorrentSnapshot.Resumed;
import dev.thistle.engine.storage.FileStamp;
import dev.thistle.engine.storage.PieceStore;
import dev.thistle.protocol.bencode.ByteString;
import dev.thistle.protocol.metainfo.Metainfo;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What the torrent remembers: reads it at the start, saves it while the torrent runs and at the
/// end. Owned by the torrent's thread, which never waits for a save: each runs on a thread of its
/// own, and only the last one, at the end, is waited for.
///
/// Data comes first: what is saved was taken from what the store had already been handed, so a
/// killed process never remembers more than it has. A save counts as settled, and is believed after
/// a loss of power, when the store was forced before it and nobody writes any more.
final class Resumption {

    /// Between saves when nothing but what we gave has changed.
    private static final long SEEDING_NANOS = TimeUnit.MINUTES.toNanos(1);

    private static final Logger LOG = System.getLogger(Resumption.class.getName());

    /// More of what peers told of a torrent than this is not kept, and asked for again: it is
    /// written with every save.
    private static final int MAX_DESCRIBED_BYTES = 8 << 20;

    /// What there is to remember at a moment.
    ///
    /// @param run the totals of this run
    /// @param isQuiet nobody writes to the store, nor ever will
    record Holdings(
            BitSet verified,
            Map<Integer, BitSet> unfinished,
            Totals run,
            Selection wanted,
            boolean isQuiet) {}

    private final Metainfo metainfo;
    private final PieceStore store;
    private final Supplier<Described> described;
    private final Consumer<String> onLoss;
    private final @Nullable ResumeFile file;
    private final long intervalNanos;
    private final String boot = Boot.name();

    private Resumed resumed = Resumed.NOTHING;
    private Totals earlier = Totals.NONE;
    private boolean isOpen;
    private @Nullable Thread saving;
    private long lastSaveNanos;
    private Totals savedRun = Totals.NONE;
    private Optional<Selection> savedWanted = Optional.empty();

    /// Whether the file says so. Written by the thread that saves alone.
    private volatile boolean isSettled;

    /// Whether the last save came to nothing, so that another is due. Written by the thread that
    /// saves alone.
    private volatile boolean isUnsaved;

    /// @param described what peers told of the torrent by now; asked on any thread
    /// @param onLoss told on any thread when a file was deleted or cut while it was in use
    Resumption(
            Metainfo metainfo,
            PieceStore store,
            Supplier<Described> described,
            ResumeSettings settings,
            Consumer<String> onLoss) {
        this.metainfo = metainfo;
        this.store = store;
        this.described = described;
        this.onLoss = onLoss;
        file = settings.file().map(ResumeFile::new).orElse(null);
        intervalNanos = settings.interval().toNanos();
    }

    /// What an earlier run was told by peers, if it can be read: nothing has looked at it yet.
    static Described described(ResumeSettings settings) {
        try {
            Optional<ResumeData> saved =
                    settings.file().isEmpty()
                            ? Optional.empty()
                            : new ResumeFile(settings.file().get()).read();
            return saved.map(ResumeData::described).orElse(Described.NOT);
        } catch (IOException unreadable) {
            return Described.NOT; // which is told when the rest of it is wanted
        }
    }

    /// What the last run wanted of the torrent.
    Optional<Selection> wanted() {
        return savedWanted;
    }

    Totals earlier() {
        return earlier;
    }

    /// What earlier runs left, for people.
    Resumed resumed() {
        return resumed;
    }

    /// So much was there and right.
    void found(long bytes) {
        resumed = resumed.withFoundBytes(bytes);
    }

    /// Reads what was saved and compares it with what is there. A resume file that cannot be read
    /// costs a check of everything and no more.
    Findings begin() throws IOException {
        List<FileStamp> stamps = store.stamps();
        Optional<ResumeData> saved = Optional.empty();
        Findings findings = Findings.nothing(metainfo, List.of());
        if (file != null) {
            try {
                saved = file.read();
                findings =
                        saved.map(data -> Findings.of(data, metainfo, stamps, boot))
                                .orElse(findings);
            } catch (IOException unreadable) {
                String why =
                        "%s is not used, everything is checked: %s"
                                .formatted(file.path(), unreadable.getMessage());
                findings = Findings.nothing(metainfo, List.of(why));
            }
        }
        isSettled = saved.isPresent() && saved.get().isSettled() && findings.inDoubt().isEmpty();
        findings.remarks().forEach(remark -> LOG.log(Level.INFO, remark));
        savedWanted = saved.flatMap(ResumeData::wanted);
        earlier = saved.map(ResumeData::totals).orElse(Totals.NONE);
        resumed =
                new Resumed(
                        findings.trusted().cardinality(),
                        0,
                        earlier.downloadedBytes(),
                        earlier.uploadedBytes(),
                        earlier.seeding(),
                        findings.remarks());
        return findings;
    }

    /// The check is over: from now on there is something to remember. It is saved before anything
    /// is written, so that what a killed run leaves is younger than its last save, unless nothing
    /// is different from what the file says and nothing will be written.
    void opened(Holdings holdings, long nowNanos) {
        isOpen = true;
        boolean isOld = isSettled && holdings.verified().cardinality() == resumed.trustedPieces();
        if (!(isOld && holdings.isQuiet() && remembers(holdings.wanted()))) {
            save(holdings, nowNanos);
        }
    }

    /// Whether what is wanted was saved, or is being saved.
    boolean remembers(Selection wanted) {
        return file == null || savedWanted.equals(Optional.of(wanted));
    }

    /// Whether enough has changed, long enough ago.
    boolean isDue(Totals run, Selection wanted, long nowNanos) {
        long since = nowNanos - lastSaveNanos;
        boolean hasNews =
                isUnsaved
                        || run.downloadedBytes() != savedRun.downloadedBytes()
                        || !remembers(wanted);
        return isOpen
                && file != null
                && ((hasNews && since >= intervalNanos)
                        || (!run.equals(savedRun) && since >= SEEDING_NANOS));
    }

    /// Saves beside everything else. While one save is still under way another is put off.
    void save(Holdings holdings, long nowNanos) {
        if (file == null || (saving != null && saving.isAlive())) {
            return;
        }
        lastSaveNanos = nowNanos;
        savedRun = holdings.run();
        savedWanted = Optional.of(holdings.wanted());
        saving =
                Thread.ofVirtual()
                        .name("resume")
                        .start(() -> write(file, holdings).ifPresent(onLoss));
    }

    /// Saves for the last time, before the store is closed, and waits for it.
    void end(Holdings holdings) throws InterruptedException {
        if (saving != null) {
            saving.join();
        }
        boolean hasNews =
                !isSettled || !holdings.run().equals(savedRun) || !remembers(holdings.wanted());
        if (isOpen && file != null && hasNews) {
            write(file, holdings)
                    .ifPresent(loss -> LOG.log(Level.WARNING, "at the end: {0}", loss));
        }
    }

    /// @return what was lost meanwhile; then nothing is saved, since the last save is truer
    private Optional<String> write(ResumeFile target, Holdings holdings) {
        List<FileStamp> stamps;
        try {
            stamps = store.stamps();
        } catch (IOException lost) {
            isSettled = false;
            return Optional.of(String.valueOf(lost.getMessage()));
        }
        isSettled = holdings.isQuiet() && force();
        try {
            target.write(data(holdings, isSettled, stamps));
            isUnsaved = false;
        } catch (IOException failed) {
            isSettled = false;
            isUnsaved = true;
            LOG.log(Level.WARNING, "{0} was not saved: {1}", target.path(), failed.getMessage());
        }
        return Optional.empty();
    }

    private boolean force() {
        try {
            store.force();
            return true;
        } catch (IOException failed) {
            LOG.log(Level.WARNING, "not forced to disk: {0}", failed.getMessage());
            return false;
        }
    }

    private ResumeData data(Holdings holdings, boolean settled, List<FileStamp> stamps) {
        return new ResumeData(
                metainfo.infoHash(),
                InstantSource.system().millis(),
                settled,
                boot,
                stamps,
                holdings.verified(),
                holdings.unfinished(),
                earlier.plus(holdings.run()),
                kept(described.get()),
                Optional.of(holdings.wanted()));
    }

    private static Described kept(Described described) {
        long bytes = described.info().map(ByteString::length).orElse(0);
        for (ByteString hashes : described.layers().values()) {
            bytes += hashes.length();
        }
        return bytes <= MAX_DESCRIBED_BYTES ? described : Described.NOT;
    }
}
