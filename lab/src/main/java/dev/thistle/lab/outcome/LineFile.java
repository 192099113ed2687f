package dev.thistle.lab.outcome;

import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// A file that grows by lines during a run and gets its name when it is closed: a file with its
/// right name is whole. Any thread may add a line.
final class LineFile implements Closeable {

    private final Path file;
    private final Path part;
    private final BufferedWriter writer;
    private boolean closed;

    LineFile(Path file) throws IOException {
        this.file = file;
        part = part(file);
        writer = Files.newBufferedWriter(part, StandardCharsets.UTF_8);
    }

    private static Path part(Path file) {
        return file.resolveSibling(file.getFileName() + ".part");
    }

    /// A whole file at once.
    static void write(Path file, String content) throws IOException {
        Files.writeString(part(file), content);
        Files.move(part(file), file, StandardCopyOption.REPLACE_EXISTING);
    }

    /// @param line without its end
    synchronized void add(String line, String end) throws IOException {
        writer.write(line);
        writer.write(end);
    }

    @Override
    public synchronized void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        writer.close();
        Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    }
}
