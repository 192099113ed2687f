package dev.thistle.lab.outcome;

import dev.thistle.lab.scenario.Scenario;
import dev.thistle.lab.scenario.ScenarioDocument;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// On what a run ran: what somebody has to know who gets other numbers.
///
/// @param version of the program
/// @param started wall clock
/// @param scenario as it was run
/// @param capabilities what the machine allowed, such as `root` or `user namespaces`
/// @param discarded rounds that were measured again because the processors were busy, once for each
///   time
/// @param doubted rounds that missed their goodput alone and were played twice more
public record Manifest(
        String version,
        Instant started,
        Scenario scenario,
        List<String> capabilities,
        List<String> discarded,
        List<String> doubted) {

    public Manifest {
        capabilities = List.copyOf(capabilities);
        discarded = List.copyOf(discarded);
        doubted = List.copyOf(doubted);
    }

    /// The document of `manifest.json`.
    public Map<String, Object> document() {
        var document = new LinkedHashMap<String, Object>();
        document.put("thistle", version);
        document.put("started", started.toString());
        document.put("jdk", "%s %s".formatted(property("java.vm.vendor"), Runtime.version()));
        document.put("kernel", "%s %s".formatted(property("os.name"), property("os.version")));
        document.put("congestionControl", congestionControl());
        document.put("architecture", property("os.arch"));
        document.put("processors", Runtime.getRuntime().availableProcessors());
        document.put("maxHeapBytes", Runtime.getRuntime().maxMemory());
        document.put("capabilities", capabilities);
        document.put("discarded", discarded);
        document.put("doubted", doubted);
        document.put("scenario", scenario.name());
        document.put("scenarioSha256", scenarioSha256());
        document.put("seed", scenario.seed());
        document.put("era", scenario.era());
        return document;
    }

    /// Of all hosts: a new namespace has that of the machine.
    private static String congestionControl() {
        try {
            return Files.readString(Path.of("/proc/sys/net/ipv4/tcp_congestion_control")).strip();
        } catch (IOException notLinux) {
            return "unknown";
        }
    }

    private static String property(String name) {
        return System.getProperty(name, "unknown");
    }

    /// Of what the scenario says, however it was written down: two runs with the same hash were to
    /// do the same.
    String scenarioSha256() {
        String canonical = JsonMapper.shared().writeValueAsString(ScenarioDocument.of(scenario));
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            return HexFormat.of()
                    .formatHex(sha256.digest(canonical.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException absent) {
            throw new IllegalStateException(absent); // every JDK has it
        }
    }
}
