package dev.thistle.engine.storage;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static java.nio.file.attribute.PosixFilePermissions.asFileAttribute;

import dev.thistle.protocol.metainfo.FileAttribute;
import dev.thistle.protocol.metainfo.FileEntry;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.metainfo.SafePaths;
import java.io.EOFException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The files of a torrent in a folder. Files and their folders appear when the first byte is
/// written to them; holes between bytes that were written stay sparse, but what lies behind the end
/// of a file is never read as zeros: it would be taken for data. Nothing outside the folder is ever
/// touched: a path that leaves it, or that leads through a symbolic link below it, is refused.
///
/// Thread-safe. Reads and writes are positional, so they run side by side; only opening and closing
/// of files takes the lock.
public final class FileStore implements PieceStore {

    /// One file of the torrent.
    ///
    /// @param path elements below the folder, already safe
    /// @param position where its first byte stands in the torrent
    /// @param padding zeros that only fill a piece, or a symbolic link (BEP 47): never on disk
    /// @param executable a program (BEP 47): whoever may read it when it appears may run it too,
    ///   where the file system knows such a thing. A file that is there keeps its permissions
    public record StoredFile(
            List<String> path,
            long position,
            long lengthBytes,
            boolean padding,
            boolean executable) {
        public StoredFile {
            path = List.copyOf(path);
        }

        /// A file that is no program.
        public StoredFile(List<String> path, long position, long lengthBytes, boolean padding) {
            this(path, position, lengthBytes, padding, false);
        }
    }

    /// Files open at once: libtorrent's file pool. The least recently used is closed first.
    public static final int MAX_OPEN_FILES = 40;

    /// Of which the system takes away what the user's mask forbids.
    private static final Set<PosixFilePermission> EVERYTHING = Set.of(PosixFilePermission.values());

    private static final Logger LOG = System.getLogger(FileStore.class.getName());

    private final Path folder;
    private final List<StoredFile> files;
    private final boolean writable;
    private final Map<Integer, Open> open = new LinkedHashMap<>(16, 0.75f, true);

    /// Files written to since they were last forced, and since their stamps were last taken.
    private final BitSet unforced = new BitSet();

    private final BitSet unstamped = new BitSet();
    private final FileStamp[] stamps;

    /// How long each file is at least, since somebody saw that much of it or wrote it.
    private final long[] seenBytes;

    /// Where the next [#inspect] goes on.
    private int nextInspected;

    private boolean closed;

    /// A channel and how many calls are inside it; it is closed when nobody uses it.
    private static final class Open {
        final FileChannel channel;
        int users;

        Open(FileChannel channel) {
            this.channel = channel;
        }
    }

    private interface Transfer {
        void run(FileChannel channel, long offset, ByteBuffer part) throws IOException;
    }

    private FileStore(Path folder, List<StoredFile> files, boolean writable) {
        this.folder = folder;
        this.files = List.copyOf(files);
        this.writable = writable;
        this.stamps = new FileStamp[files.size()];
        this.seenBytes = new long[files.size()];
        Arrays.fill(stamps, FileStamp.ABSENT);
        unstamped.set(0, files.size());
    }

    /// Checks every path and opens the store; creates nothing but the zero-length files.
    ///
    /// @param folder where the files' paths start
    /// @param files in the order of the torrent, without gaps
    /// @param writable false refuses [#write], for data that is only shown to others
    /// @throws IOException naming the path that leaves the folder
    public static FileStore open(Path folder, List<StoredFile> files, boolean writable)
            throws IOException {
        var store = new FileStore(folder.toAbsolutePath().normalize(), files, writable);
        for (StoredFile file : files) {
            store.locate(file);
            if (writable && file.lengthBytes() == 0 && !file.padding()) {
                store.create(file).close();
            }
        }
        return store;
    }

    /// The files of a torrent below `folder`, under names that are safe on every system.
    ///
    /// @throws IOException naming the path that leaves the folder
    public static FileStore open(Path folder, Metainfo metainfo, boolean writable)
            throws IOException {
        List<List<String>> paths = SafePaths.of(metainfo);
        var files = new ArrayList<StoredFile>();
        for (int i = 0; i < paths.size(); i++) {
            FileEntry file = metainfo.files().get(i);
            files.add(
                    new StoredFile(
                            paths.get(i),
                            file.position(),
                            file.lengthBytes(),
                            file.padding() || file.isLink(),
                            file.attributes().contains(FileAttribute.EXECUTABLE)));
        }
        return open(folder, files, writable);
    }

    private Path locate(StoredFile file) throws IOException {
        Path path = folder;
        for (String element : file.path()) {
            path = below(path, element);
            if (Files.isSymbolicLink(path)) {
                throw new IOException(
                        "%s is a symbolic link, allowed only folders and files".formatted(path));
            }
        }
        if (file.path().isEmpty()) {
            throw new IOException("a file without a name in %s".formatted(folder));
        }
        return path;
    }

    /// One step down. An element that is no plain name is refused, also one that would stay inside:
    /// the links on its way would not be looked at.
    private Path below(Path parent, String element) throws IOException {
        try {
            Path path = parent.resolve(element);
            if (path.normalize().equals(path)
                    && path.startsWith(parent)
                    && path.getNameCount() == parent.getNameCount() + 1) {
                return path;
            }
        } catch (InvalidPathException notAName) {
            throw new IOException(
                    "a name that no file can have: %s".formatted(notAName.getReason()), notAName);
        }
        throw new IOException(
                "'%s' leads outside %s, allowed only plain names".formatted(element, parent));
    }

    @Override
    public void read(long position, ByteBuffer target) throws IOException {
        transfer(position, target, false, FileStore::fill);
    }

    private static void fill(FileChannel channel, long offset, ByteBuffer part) throws IOException {
        while (part.hasRemaining()) {
            int count = channel.read(part, offset);
            if (count < 0) {
                throw new EOFException(
                        "ends at byte %d, needed at least %d"
                                .formatted(channel.size(), offset + part.remaining()));
            }
            offset += count;
        }
    }

    private static void zeros(ByteBuffer part) {
        while (part.hasRemaining()) {
            part.put((byte) 0);
        }
    }

    @Override
    public void write(long position, ByteBuffer source) throws IOException {
        if (!writable) {
            throw new IOException("%s is open for reading only".formatted(folder));
        }
        transfer(position, source, true, FileStore::drain);
    }

    private static void drain(FileChannel channel, long offset, ByteBuffer part)
            throws IOException {
        while (part.hasRemaining()) {
            offset += channel.write(part, offset);
        }
    }

    private void transfer(long position, ByteBuffer bytes, boolean create, Transfer transfer)
            throws IOException {
        int limit = bytes.limit();
        int index = fileAt(position);
        try {
            while (bytes.hasRemaining()) {
                StoredFile file = files.get(index);
                long offset = position - file.position();
                long room = file.lengthBytes() - offset;
                if (room > 0) {
                    int count = (int) Math.min(room, bytes.remaining());
                    bytes.limit(bytes.position() + count);
                    within(index, create, offset, bytes, transfer);
                    bytes.limit(limit);
                    position += count;
                }
                index++;
            }
        } finally {
            bytes.limit(limit);
        }
    }

    private void within(int index, boolean create, long offset, ByteBuffer part, Transfer transfer)
            throws IOException {
        if (files.get(index).padding()) {
            if (create) {
                part.position(part.limit());
            } else {
                zeros(part);
            }
            return;
        }
        Open file;
        try {
            file = acquire(index, create);
        } catch (NoSuchFileException notYet) {
            throw create ? trouble(index, notYet) : trouble(index, "is not there", notYet);
        } catch (FileSystemException failed) {
            throw trouble(index, failed);
        }
        try {
            if (create) {
                append(index, file.channel, offset, part, transfer);
            } else {
                transfer.run(file.channel, offset, part);
            }
        } catch (IOException failed) {
            throw trouble(index, failed);
        } finally {
            release(file);
        }
    }

    /// Writes. What makes a file longer would fill with zeros what somebody cut off: so that is
    /// looked at first.
    private void append(
            int index, FileChannel channel, long offset, ByteBuffer part, Transfer transfer)
            throws IOException {
        long end = offset + part.remaining();
        long seen = seenBytes(index);
        if (end > seen && channel.size() < seen) {
            throw new IOException("was cut while it was in use");
        }
        transfer.run(channel, offset, part);
        if (end > seen) {
            saw(index, end);
        }
    }

    private synchronized long seenBytes(int index) {
        return seenBytes[index];
    }

    private synchronized void saw(int index, long lengthBytes) {
        seenBytes[index] = Math.max(seenBytes[index], lengthBytes);
    }

    /// Says which file and why. The messages of some file system exceptions are the path alone, and
    /// only their names say what is wrong with it.
    private IOException trouble(int index, IOException failed) {
        String why =
                switch (failed) {
                    case FileSystemException named when named.getReason() == null ->
                            "%s %s".formatted(named.getClass().getSimpleName(), named.getFile());
                    case FileSystemException named -> named.getReason();
                    default -> failed.getMessage();
                };
        return trouble(index, why, failed);
    }

    private IOException trouble(int index, @Nullable String why, IOException failed) {
        return new IOException("%s: %s".formatted(name(files.get(index)), why), failed);
    }

    private static String name(StoredFile file) {
        return String.join("/", file.path());
    }

    /// The last file that starts at or before `position`; empty files in between are passed over by
    /// the loop in [#transfer].
    private int fileAt(long position) {
        int low = 0;
        int high = files.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (files.get(middle).position() <= position) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        while (low > 0 && files.get(low).lengthBytes() == 0) {
            low--;
        }
        return low;
    }

    private synchronized Open acquire(int index, boolean create) throws IOException {
        if (closed) {
            throw new IOException("%s is closed".formatted(folder));
        }
        Open file = open.get(index);
        if (file == null) {
            StoredFile stored = files.get(index);
            file = new Open(create ? create(stored) : openExisting(stored));
            open.put(index, file);
            evict(file);
        }
        if (create) {
            unforced.set(index);
            unstamped.set(index);
        }
        file.users++;
        return file;
    }

    private FileChannel create(StoredFile file) throws IOException {
        Path path = locate(file);
        Files.createDirectories(path.getParent());
        Set<OpenOption> options = Set.of(READ, WRITE, CREATE, NOFOLLOW_LINKS);
        boolean isPosix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
        return file.executable() && isPosix
                ? FileChannel.open(path, options, asFileAttribute(EVERYTHING))
                : FileChannel.open(path, options);
    }

    private FileChannel openExisting(StoredFile file) throws IOException {
        Path path = locate(file);
        return writable
                ? FileChannel.open(path, Set.of(READ, WRITE, NOFOLLOW_LINKS))
                : FileChannel.open(path, Set.of(READ, NOFOLLOW_LINKS));
    }

    private void evict(Open keep) throws IOException {
        Iterator<Open> oldest = open.values().iterator();
        while (open.size() > MAX_OPEN_FILES && oldest.hasNext()) {
            Open candidate = oldest.next();
            if (candidate.users == 0 && candidate != keep) {
                oldest.remove();
                candidate.channel.close();
            }
        }
    }

    private synchronized void release(Open file) throws IOException {
        file.users--;
        if (closed && file.users == 0) {
            file.channel.close();
        }
    }

    @Override
    public boolean isThere(long position, long lengthBytes) throws IOException {
        long end = position + lengthBytes;
        for (int i = fileAt(position); i < files.size() && files.get(i).position() < end; i++) {
            StoredFile file = files.get(i);
            long needed = Math.min(end - file.position(), file.lengthBytes());
            if (needed > 0 && !file.padding()) {
                Path path = locate(file);
                if (!Files.isRegularFile(path, NOFOLLOW_LINKS) || Files.size(path) < needed) {
                    return false;
                }
            }
        }
        return true;
    }

    /// Only files that were written to since the last call are looked at again: of many thousands
    /// few change in a second.
    @Override
    public synchronized List<FileStamp> stamps() throws IOException {
        for (int i = unstamped.nextSetBit(0); i >= 0; i = unstamped.nextSetBit(i + 1)) {
            stamps[i] = look(i);
        }
        unstamped.clear();
        markUsed(unstamped);
        return List.of(stamps);
    }

    @Override
    public synchronized void inspect(int most) throws IOException {
        for (int left = Math.min(most, files.size()); left > 0; left--) {
            look(nextInspected);
            nextInspected = (nextInspected + 1) % files.size();
        }
    }

    /// The first look tells how long the file is; later ones find it no shorter.
    private FileStamp look(int index) throws IOException {
        StoredFile file = files.get(index);
        FileStamp now = file.padding() ? FileStamp.ABSENT : FileStamp.of(locate(file));
        if (Math.max(0, now.lengthBytes()) < seenBytes[index]) {
            throw new IOException(
                    "%s was %s while it was in use"
                            .formatted(name(file), now.isThere() ? "cut" : "deleted"));
        }
        seenBytes[index] = Math.max(0, now.lengthBytes());
        return now;
    }

    /// Whoever is inside a file may write to it after this look.
    private void markUsed(BitSet marks) {
        open.forEach((index, file) -> marks.set(index, marks.get(index) || file.users > 0));
    }

    /// Forces what was written, and the folders in which files appeared.
    @Override
    public void force() throws IOException {
        BitSet dirty;
        synchronized (this) {
            dirty = (BitSet) unforced.clone();
            unforced.clear();
            markUsed(unforced);
        }
        Set<Path> folders = new HashSet<>();
        for (int i = dirty.nextSetBit(0); i >= 0; i = dirty.nextSetBit(i + 1)) {
            StoredFile file = files.get(i);
            try (FileChannel channel = openExisting(file)) {
                channel.force(true);
            } catch (IOException failed) {
                synchronized (this) {
                    unforced.or(dirty);
                }
                throw trouble(i, failed);
            }
            for (Path above = locate(file).getParent();
                    above != null && above.startsWith(folder) && folders.add(above);
                    above = above.getParent()) {
                forceFolder(above);
            }
        }
    }

    /// Where a folder can be forced at all: elsewhere names need no such help.
    private static void forceFolder(Path path) {
        try (FileChannel channel = FileChannel.open(path, READ)) {
            channel.force(true);
        } catch (IOException notHere) {
            LOG.log(Level.DEBUG, "{0} cannot be forced: {1}", path, notHere.getMessage());
        }
    }

    /// The names of files that go on where the torrent's data ends. What is behind is neither read
    /// nor cut off.
    public List<String> longerFiles() throws IOException {
        List<String> longer = new ArrayList<>();
        for (StoredFile file : files) {
            if (!file.padding()) {
                Path path = locate(file);
                if (Files.isRegularFile(path, NOFOLLOW_LINKS)
                        && Files.size(path) > file.lengthBytes()) {
                    longer.add(name(file));
                }
            }
        }
        return longer;
    }

    @Override
    public void close() throws IOException {
        List<FileChannel> idle = new ArrayList<>();
        synchronized (this) {
            closed = true;
            for (Open file : open.values()) {
                if (file.users == 0) {
                    idle.add(file.channel);
                }
            }
            open.clear();
        }
        @Nullable IOException first = null;
        for (FileChannel channel : idle) {
            try {
                channel.close();
            } catch (IOException failed) {
                first = first == null ? failed : first;
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
