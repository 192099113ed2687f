package dev.thistle.e2e.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The folder of a run, read as somebody else's script would.
public record LabResults(Path folder) {

    /// Names of all files, with the folders between.
    public Set<String> names() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .collect(Collectors.toSet());
        }
    }

    public JsonNode document(String name) throws IOException {
        return JsonMapper.shared().readTree(Files.readString(folder.resolve(name)));
    }

    /// The lines of a file that belong to a round.
    public List<JsonNode> lines(String name, String round) throws IOException {
        var lines = new ArrayList<JsonNode>();
        for (String line : Files.readAllLines(folder.resolve(name))) {
            JsonNode read = JsonMapper.shared().readTree(line);
            if (read.path("round").asString("").equals(round)) {
                lines.add(read);
            }
        }
        return lines;
    }

    /// The rows of a round in `flows.csv`, by the names of its columns.
    ///
    /// @throws AssertionError if a row has not as many fields as the first line
    public List<Map<String, String>> flows(String round) throws IOException {
        List<String> lines = Files.readAllLines(folder.resolve("flows.csv"));
        List<String> columns = List.of(lines.getFirst().split(",", -1));
        var flows = new ArrayList<Map<String, String>>();
        for (String line : lines.subList(1, lines.size())) {
            String[] fields = line.split(",", -1);
            if (fields.length != columns.size()) {
                throw new AssertionError(columns + " do not fit " + line);
            }
            var flow = new LinkedHashMap<String, String>();
            for (int i = 0; i < fields.length; i++) {
                flow.put(columns.get(i), fields[i]);
            }
            if (round.equals(flow.get("round"))) {
                flows.add(flow);
            }
        }
        return flows;
    }

    /// The packets of a round.
    ///
    /// @param side `access` or `internet`
    public Path capture(String round, String side) {
        return folder.resolve("captures").resolve("%s-%s.pcapng".formatted(round, side));
    }
}
