package dev.thistle.engine.resume;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Tells whether the machine was started anew. What a process that was killed had written is still
/// there as long as it was not, disk or no disk.
public final class Boot {

    private static final Path LINUX = Path.of("/proc/sys/kernel/random/boot_id");

    private Boot() {}

    /// A name for the time since the machine was started; empty where nobody tells.
    public static String name() {
        try {
            return Files.readString(LINUX).strip();
        } catch (IOException elsewhere) {
            return "";
        }
    }
}
