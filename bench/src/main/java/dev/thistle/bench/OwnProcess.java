package dev.thistle.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What this process has used so far, its compiler and collector included.
public final class OwnProcess {

    private static final Path STATUS = Path.of("/proc/self/status");

    private OwnProcess() {}

    /// Processor time of all threads, in nanoseconds.
    public static long cpuNanos() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }

    /// Memory that is in RAM now. Linux only.
    public static double residentMib() throws IOException {
        return mib("VmRSS:");
    }

    /// The most that was in RAM at a time. Linux only.
    public static double mostResidentMib() throws IOException {
        return mib("VmHWM:");
    }

    private static double mib(String name) throws IOException {
        for (String line : Files.readAllLines(STATUS)) {
            if (line.startsWith(name)) {
                return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
            }
        }
        throw new IOException(STATUS + " has no line " + name);
    }

    /// This program once more, as another process with the same JVM and class path.
    ///
    /// @param options for the JVM
    public static Process again(List<String> options, Class<?> main, List<String> arguments)
            throws IOException {
        var command = new ArrayList<String>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(arguments);
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }
}
