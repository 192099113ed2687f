package dev.thistle.lab.outcome;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A flow that is over, with the truth beside the opinion: a line of `flows.csv`.
///
/// @param startSeconds since the first leecher of the trial started
/// @param endSeconds since the first leecher of the trial started
/// @param client who opened it
/// @param server who was called
/// @param application the truth
/// @param detectors whose verdicts covered it
/// @param action what was done to it, or nothing
public record FlowLine(
        String round,
        double startSeconds,
        double endSeconds,
        String transport,
        String client,
        String server,
        long packetsFromClient,
        long payloadBytesFromClient,
        long packetsFromServer,
        long payloadBytesFromServer,
        String application,
        List<String> detectors,
        String action) {

    /// The first line of the file.
    static final String HEADER =
            "round,start_seconds,end_seconds,transport,client,server,"
                    + "packets_from_client,payload_bytes_from_client,"
                    + "packets_from_server,payload_bytes_from_server,"
                    + "application,detectors,action";

    public FlowLine {
        detectors = List.copyOf(detectors);
    }

    /// RFC 4180, without the line's end.
    String csv() {
        return Stream.of(
                        round,
                        seconds(startSeconds),
                        seconds(endSeconds),
                        transport,
                        client,
                        server,
                        String.valueOf(packetsFromClient),
                        String.valueOf(payloadBytesFromClient),
                        String.valueOf(packetsFromServer),
                        String.valueOf(payloadBytesFromServer),
                        application,
                        String.join(" ", detectors),
                        action)
                .map(FlowLine::quoted)
                .collect(Collectors.joining(","));
    }

    private static String seconds(double seconds) {
        return String.format(Locale.ROOT, "%.6f", seconds);
    }

    private static String quoted(String field) {
        boolean isPlain =
                field.chars().noneMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n');
        return isPlain ? field : '"' + field.replace("\"", "\"\"") + '"';
    }
}
