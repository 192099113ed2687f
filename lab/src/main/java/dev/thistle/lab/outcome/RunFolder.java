package dev.thistle.lab.outcome;

import dev.thistle.isp.detect.Subject;
import dev.thistle.isp.detect.Verdict;
import dev.thistle.lab.truth.TruthRow;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Where a run's files go. Lines are added while it runs, by any thread; what belongs to the whole
/// run is written by [#finish]. A file that has its name is whole: until then it ends in `.part`.
public final class RunFolder implements Closeable {

    private static final JsonMapper LINES = JsonMapper.shared();
    private static final JsonMapper DOCUMENTS =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final Path folder;
    private final LineFile truth;
    private final LineFile events;
    private final LineFile actions;
    private final LineFile flows;

    private RunFolder(Path folder) throws IOException {
        this.folder = folder;
        truth = new LineFile(folder.resolve("truth.ndjson"));
        events = new LineFile(folder.resolve("events.ndjson"));
        actions = new LineFile(folder.resolve("actions.ndjson"));
        flows = new LineFile(folder.resolve("flows.csv"));
        flows.add(FlowLine.HEADER, "\r\n");
    }

    /// Asks whether a run may have this folder, before anything is made.
    ///
    /// @throws IOException that says what is in the way; results of another run are never touched
    public static void requireFree(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        if (!Files.isDirectory(folder)) {
            throw new IOException("%s is a file, allowed a new folder".formatted(folder));
        }
        try (Stream<Path> there = Files.list(folder)) {
            if (there.findAny().isPresent()) {
                throw new IOException(
                        "%s is not empty, allowed a new or an empty folder".formatted(folder));
            }
        }
    }

    /// Makes the folder, with those around it.
    ///
    /// @throws IOException as [#requireFree], or if the disk refuses
    public static RunFolder create(Path folder) throws IOException {
        requireFree(folder);
        Files.createDirectories(folder);
        return new RunFolder(folder);
    }

    public Path path() {
        return folder;
    }

    /// Where a round's packets go.
    ///
    /// @param side `access` or `internet`
    public Path capture(String round, String side) throws IOException {
        Path captures = Files.createDirectories(folder.resolve("captures"));
        return captures.resolve("%s-%s.pcapng".formatted(round, side));
    }

    /// A flow and what the lab knows of it.
    public void truth(String round, TruthRow known) throws IOException {
        var line = new LinkedHashMap<String, @Nullable Object>();
        line.put("round", round);
        line.put("flow", known.flow());
        line.put("application", known.application());
        line.put("customer", known.customer());
        line.put("role", known.role());
        line.put("lowEnd", known.lowEnd());
        line.put("highEnd", known.highEnd());
        line.put("fate", known.fate());
        truth.add(json(line), "\n");
    }

    /// A verdict, as it is given.
    ///
    /// @param seconds since the first leecher of the trial started
    public void event(String round, double seconds, Verdict verdict) throws IOException {
        var line = new LinkedHashMap<String, @Nullable Object>();
        line.put("round", round);
        line.put("seconds", seconds);
        line.put("detector", verdict.detector());
        line.put("about", about(verdict.subject()));
        line.put("subject", text(verdict.subject()));
        line.put("evidence", verdict.evidence());
        line.put("packetsSeen", verdict.packetsSeen());
        line.put("payloadBytesSeen", verdict.payloadBytesSeen());
        events.add(json(line), "\n");
    }

    private static String about(Subject subject) {
        return switch (subject) {
            case Subject.OfFlow _ -> "flow";
            case Subject.OfEndpoint _ -> "endpoint";
            case Subject.OfCustomer _ -> "customer";
        };
    }

    private static String text(Subject subject) {
        return switch (subject) {
            case Subject.OfFlow(var flow) -> flow.toString();
            case Subject.OfEndpoint(var endpoint, _) -> endpoint.toString();
            case Subject.OfCustomer(var address) -> address.toString();
        };
    }

    public void action(ActionTaken taken) throws IOException {
        var line = new LinkedHashMap<String, @Nullable Object>();
        line.put("round", taken.round());
        line.put("seconds", taken.seconds());
        line.put("action", taken.action());
        line.put("flow", taken.flow().toString());
        line.put("detector", taken.detector());
        line.put("detail", taken.detail());
        actions.add(json(line), "\n");
    }

    public void flow(FlowLine flow) throws IOException {
        flows.add(flow.csv(), "\r\n");
    }

    private static String json(Map<String, @Nullable Object> line) {
        return LINES.writeValueAsString(line);
    }

    /// Writes what belongs to the whole run, the summary last, and ends all other files.
    public void finish(Summary summary, Manifest manifest) throws IOException {
        close();
        document("manifest.json", DOCUMENTS.writeValueAsString(manifest.document()));
        document("report.html", Report.html(summary));
        document("summary.json", DOCUMENTS.writeValueAsString(summary.document()));
    }

    private void document(String name, String content) throws IOException {
        LineFile.write(folder.resolve(name), content.stripTrailing() + "\n");
    }

    /// Ends the files that grow by lines; a run that was interrupted keeps what it had.
    @Override
    public void close() throws IOException {
        try (truth;
                events;
                actions;
                flows) {
            // closed in the opposite order
        }
    }
}
