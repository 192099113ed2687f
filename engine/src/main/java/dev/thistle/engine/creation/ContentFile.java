package dev.thistle.engine.creation;

import dev.thistle.protocol.metainfo.FileAttribute;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Set;

/// A file that goes into a torrent.
///
/// @param file where it lies
/// @param path its elements below the torrent's folder; its name alone in a torrent of one file
/// @param lengthBytes as it was when the torrent was begun
/// @param attributes what the torrent says of it (BEP 47)
public record ContentFile(
        Path file, List<String> path, long lengthBytes, Set<FileAttribute> attributes) {
    public ContentFile {
        path = List.copyOf(path);
        attributes = Set.copyOf(attributes);
    }

    /// Looks at the file: how long it is, and whether its owner may execute it, where the file
    /// system knows owners. One that is hidden needs no attribute for it: its name says so.
    public static ContentFile of(Path file, List<String> path) throws IOException {
        boolean executable =
                file.getFileSystem().supportedFileAttributeViews().contains("posix")
                        && Files.getPosixFilePermissions(file)
                                .contains(PosixFilePermission.OWNER_EXECUTE);
        return new ContentFile(
                file,
                path,
                Files.size(file),
                executable ? Set.of(FileAttribute.EXECUTABLE) : Set.of());
    }
}
