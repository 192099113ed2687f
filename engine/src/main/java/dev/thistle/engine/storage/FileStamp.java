package dev.thistle.engine.storage;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/// What a file looks like from outside: enough to see that somebody changed it.
///
/// @param lengthBytes -1 when there is no such file
/// @param modifiedMillis when it was last written to, since 1970
public record FileStamp(long lengthBytes, long modifiedMillis) {

    /// There is no file, or nothing that counts as one.
    public static final FileStamp ABSENT = new FileStamp(-1, 0);

    /// Looks at a file.
    public static FileStamp of(Path path) throws IOException {
        try {
            var seen = Files.readAttributes(path, BasicFileAttributes.class, NOFOLLOW_LINKS);
            return seen.isRegularFile()
                    ? new FileStamp(seen.size(), seen.lastModifiedTime().toMillis())
                    : ABSENT;
        } catch (NoSuchFileException | NotDirectoryException nothing) {
            return ABSENT;
        }
    }

    public boolean isThere() {
        return lengthBytes >= 0;
    }
}
