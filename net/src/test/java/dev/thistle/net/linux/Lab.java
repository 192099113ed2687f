package dev.thistle.net.linux;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.Reader;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// What the tests of this package share.
final class Lab {

    private Lab() {}

    /// Skips the calling test, with the reason, where no namespace can be made.
    static void require() {
        Machine machine = Machine.look();
        switch (machine.namespaces()) {
            case Machine.Namespaces.Allowed _ ->
                    assumeTrue(machine.programs().contains("ip"), "the program ip is missing");
            case Machine.Namespaces.AllowedInside _ ->
                    assumeTrue(false, "needs root: run below unshare --user --map-root-user");
            case Machine.Namespaces.Refused(String reason) -> assumeTrue(false, reason);
        }
    }

    /// Everything a program says inside a namespace.
    static String output(Namespace namespace, String... program) throws IOException {
        Process process = namespace.start(new ProcessBuilder(program).redirectErrorStream(true));
        try (Reader said = process.inputReader()) {
            return said.readAllAsString();
        }
    }

    /// What the kernel knows of the thread of this process that is called so; the last one started
    /// if there are several.
    static Path task(String name) throws IOException {
        Path found = null;
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
            for (Path task : tasks) {
                if (comm(task).equals(name)) {
                    found = task;
                }
            }
        }
        if (found == null) {
            throw new NoSuchFileException("thread " + name);
        }
        return found;
    }

    /// The name of a thread, which may just be ending.
    private static String comm(Path task) {
        try {
            return Files.readString(task.resolve("comm")).strip();
        } catch (IOException _) {
            return "";
        }
    }

    /// Waits until a thread that is called so sleeps in the kernel.
    static void awaitSleep(String name) throws IOException {
        while (true) {
            try {
                if (Files.readString(task(name).resolve("stat")).contains(") S ")) {
                    return;
                }
            } catch (NoSuchFileException _) {
                Thread.onSpinWait(); // not started yet
            }
        }
    }

    static Inet4Address address(String literal) {
        return (Inet4Address) InetAddress.ofLiteral(literal);
    }
}
