package dev.thistle.net.linux;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/// What this machine lets this process do with networks of its own.
///
/// @param namespaces whether it may make them
/// @param programs those of [#PROGRAMS] that are on the path
public record Machine(Namespaces namespaces, Set<String> programs) {

    /// What `lab` may want to start: `ip` to lay cables, `unshare` to become root of a user
    /// namespace, `nft` for other people's rules.
    public static final Set<String> PROGRAMS = Set.of("ip", "nft", "unshare");

    /// May network namespaces be made?
    public sealed interface Namespaces {

        /// By this process, as it runs.
        record Allowed() implements Namespaces {}

        /// Not by this process, but by one started with `unshare --user --map-root-user`.
        record AllowedInside() implements Namespaces {}

        /// No.
        ///
        /// @param reason one sentence for the user: what is missing and what would help
        record Refused(String reason) implements Namespaces {}
    }

    /// Copies the set.
    public Machine {
        programs = Set.copyOf(programs);
    }

    /// Looks, by trying: makes a namespace and lets it go. Takes some milliseconds.
    public static Machine look() {
        var found = new TreeSet<String>();
        for (String program : PROGRAMS) {
            if (isOnPath(program)) {
                found.add(program);
            }
        }
        return new Machine(namespaces(found.contains("unshare")), found);
    }

    private static boolean isOnPath(String program) {
        String path = System.getenv().getOrDefault("PATH", "");
        for (String folder : path.split(File.pathSeparator, -1)) {
            if (Files.isExecutable(Path.of(folder, program))) {
                return true;
            }
        }
        return false;
    }

    private static Namespaces namespaces(boolean hasUnshare) {
        String system = System.getProperty("os.name");
        String processor = System.getProperty("os.arch");
        if (!system.equals("Linux") || !Set.of("amd64", "aarch64").contains(processor)) {
            return new Namespaces.Refused(
                    "network namespaces need Linux on x86-64 or aarch64; this is %s on %s"
                            .formatted(system, processor));
        }
        try (var _ = Namespace.create("trial")) {
            return new Namespaces.Allowed();
        } catch (IOException e) {
            String refusal = String.valueOf(e.getMessage());
            return refusal.endsWith("not permitted")
                    ? inside(hasUnshare)
                    : new Namespaces.Refused("no network namespaces here: " + refusal);
        }
    }

    private static Namespaces inside(boolean hasUnshare) {
        String refusal = "no permission for network namespaces";
        if (!hasUnshare) {
            return new Namespaces.Refused(
                    refusal + ": run as root, or install unshare (Debian: package util-linux)");
        }
        try {
            if (unshareWorks()) {
                return new Namespaces.AllowedInside();
            }
        } catch (IOException _) {
            // Then it does not work, and the settings below may tell why.
        }
        return new Namespaces.Refused(
                refusal + ": run as root, or allow user namespaces" + settingInTheWay());
    }

    private static boolean unshareWorks() throws IOException {
        Process trial =
                new ProcessBuilder("unshare", "--user", "--map-root-user", "--net", "true")
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try {
            return trial.waitFor(5, TimeUnit.SECONDS) && trial.exitValue() == 0;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            trial.destroyForcibly();
        }
    }

    /// The three switches by which distributions forbid user namespaces.
    private static String settingInTheWay() {
        if (reads("kernel/unprivileged_userns_clone", "0")) {
            return " (sysctl kernel.unprivileged_userns_clone=1)";
        }
        if (reads("kernel/apparmor_restrict_unprivileged_userns", "1")) {
            return " (sysctl kernel.apparmor_restrict_unprivileged_userns=0)";
        }
        if (reads("user/max_user_namespaces", "0")) {
            return " (sysctl user.max_user_namespaces=10000)";
        }
        return "";
    }

    private static boolean reads(String setting, String value) {
        try {
            return Files.readString(Path.of("/proc/sys", setting)).strip().equals(value);
        } catch (IOException _) {
            return false;
        }
    }
}
