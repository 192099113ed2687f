package dev.thistle.e2e.lab;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// A machine on which a program is not installed.
public final class ProgramFolder {

    private ProgramFolder() {}

    /// Fills `folder` with links to all programs on the path but one.
    ///
    /// @return a `PATH` that finds them there, and nothing else
    public static String without(String program, Path folder) throws IOException {
        Files.createDirectories(folder);
        String path = System.getenv().getOrDefault("PATH", "");
        for (String each : path.split(File.pathSeparator, -1)) {
            if (Files.isDirectory(Path.of(each))) {
                link(Path.of(each), program, folder);
            }
        }
        return folder.toString();
    }

    private static void link(Path from, String without, Path folder) throws IOException {
        try (DirectoryStream<Path> programs = Files.newDirectoryStream(from)) {
            for (Path program : programs) {
                Path name = program.getFileName();
                Path link = folder.resolve(name);
                if (!name.toString().equals(without) && !Files.exists(link)) {
                    Files.deleteIfExists(link); // one that leads nowhere
                    Files.createSymbolicLink(link, program.toAbsolutePath());
                }
            }
        }
    }
}
