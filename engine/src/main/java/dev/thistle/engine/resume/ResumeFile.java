package dev.thistle.engine.resume;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.thistle.protocol.MalformedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/// A resume file on disk. It is only ever replaced as a whole: whenever the program dies, either
/// the old one is there or the new one. One writer at a time.
public final class ResumeFile {

    private final Path path;
    private final Path next;

    public ResumeFile(Path path) {
        this.path = path.toAbsolutePath();
        next = this.path.resolveSibling(this.path.getFileName() + ".new");
    }

    public Path path() {
        return path;
    }

    /// Reads what was saved last.
    ///
    /// @return nothing if there is no such file
    /// @throws MalformedException if it is not a whole resume file
    public Optional<ResumeData> read() throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(path, NOFOLLOW_LINKS)) {
            bytes = in.readNBytes(ResumeCodec.MAX_BYTES + 1);
        } catch (NoSuchFileException notYet) {
            return Optional.empty();
        }
        return Optional.of(ResumeCodec.decode(ByteBuffer.wrap(bytes)));
    }

    /// Replaces it. What is settled is forced to disk with its name, because it is to be believed
    /// after a loss of power; what is not is believed only while the machine stays up, and that
    /// needs no disk.
    public void write(ResumeData data) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(ResumeCodec.encode(data));
        try (FileChannel out =
                FileChannel.open(next, Set.of(WRITE, CREATE, TRUNCATE_EXISTING, NOFOLLOW_LINKS))) {
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            if (data.isSettled()) {
                out.force(true);
            }
        }
        Files.move(next, path, ATOMIC_MOVE);
        if (data.isSettled()) {
            forceFolder();
        }
    }

    private void forceFolder() {
        try (FileChannel folder = FileChannel.open(path.getParent(), READ)) {
            folder.force(true);
        } catch (IOException notHere) {
            // not every system can; then the older file may come back, which is only less to trust
        }
    }
}
