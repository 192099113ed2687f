package dev.thistle.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/// The engine's virtual threads that are alive in this JVM. Only a thread dump shows them.
final class EngineThreads {

    private static final Pattern NAME =
            Pattern.compile(
                    "\"name\": \"((?:torrent-.*|peer-\\d+-(?:read|write)"
                            + "|announcer|dial|greet|accept))\"");

    private EngineThreads() {}

    static List<String> alive() {
        try {
            Path dump = Files.createTempDirectory("threads").resolve("dump.json");
            ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=HotSpotDiagnostic"),
                            "dumpThreads",
                            new Object[] {dump.toString(), "JSON"},
                            new String[] {String.class.getName(), String.class.getName()});
            String text = Files.readString(dump);
            Files.delete(dump);
            Files.delete(dump.getParent());
            return NAME.matcher(text).results().map(found -> found.group(1)).toList();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (JMException failed) {
            throw new IllegalStateException(failed);
        }
    }
}
