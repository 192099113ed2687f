package dev.thistle.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Optional;

/// Has a list been changed since it was looked at last? Asked now and then, because that works with
/// every file system and editor. Not thread-safe.
final class ListWatch {

    private record Stamp(FileTime modified, long bytes) {}

    private final Path list;
    private Optional<Stamp> seen;

    ListWatch(Path list) {
        this.list = list;
        this.seen = stamp();
    }

    Path list() {
        return list;
    }

    /// True once for each change; a list that is gone, perhaps while an editor replaces it, has not
    /// changed.
    boolean hasChanged() {
        Optional<Stamp> now = stamp();
        if (now.isEmpty() || now.equals(seen)) {
            return false;
        }
        seen = now;
        return true;
    }

    private Optional<Stamp> stamp() {
        try {
            var attributes = Files.readAttributes(list, BasicFileAttributes.class);
            return Optional.of(new Stamp(attributes.lastModifiedTime(), attributes.size()));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }
}
