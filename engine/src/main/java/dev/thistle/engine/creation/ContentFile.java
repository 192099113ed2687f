package dev.thistle.engine.creation;

import java.nio.file.Path;
import java.util.List;

/// A file that goes into a torrent.
///
/// @param file where it lies
/// @param path its elements below the torrent's folder; its name alone in a torrent of one file
/// @param lengthBytes as it was when the torrent was begun
public record ContentFile(Path file, List<String> path, long lengthBytes) {
    public ContentFile {
        path = List.copyOf(path);
    }
}
