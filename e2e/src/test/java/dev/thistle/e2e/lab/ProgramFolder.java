package dev.thistle.e2e.lab;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Set;

/// A machine on which a program is not installed: a folder of links to all the others, which
/// everybody may read. It goes when it is closed.
public final class ProgramFolder implements AutoCloseable {

    private final Path folder;
    private final Set<Path> links = new HashSet<>();

    private ProgramFolder(Path folder) {
        this.folder = folder;
    }

    /// Makes it of everything that is on the path but one program.
    public static ProgramFolder without(String program) throws IOException {
        var made = new ProgramFolder(Files.createTempDirectory("programs"));
        Files.setPosixFilePermissions(made.folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        String path = System.getenv().getOrDefault("PATH", "");
        for (String each : path.split(File.pathSeparator, -1)) {
            if (Files.isDirectory(Path.of(each))) {
                made.link(Path.of(each), program);
            }
        }
        return made;
    }

    private void link(Path from, String without) throws IOException {
        try (DirectoryStream<Path> programs = Files.newDirectoryStream(from)) {
            for (Path program : programs) {
                Path link = folder.resolve(program.getFileName());
                if (!link.endsWith(without) && Files.isExecutable(program) && links.add(link)) {
                    Files.createSymbolicLink(link, program.toAbsolutePath());
                }
            }
        }
    }

    /// For `PATH`.
    public String path() {
        return folder.toString();
    }

    @Override
    public void close() throws IOException {
        for (Path link : links) {
            Files.delete(link);
        }
        Files.delete(folder);
    }
}
