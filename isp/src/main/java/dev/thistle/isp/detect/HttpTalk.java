package dev.thistle.isp.detect;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// Plain HTTP/1 as far as an observer needs it: the targets of requests, and the bodies of answers,
/// in the order of a connection that is kept alive.
///
/// Reads only what is complete and stops at what it does not understand, so that the lists only
/// grow as a stream does.
final class HttpTalk {

    /// Messages that are looked at in one connection.
    private static final int MAX_MESSAGES = 64;

    private static final byte[] HEAD_END = {'\r', '\n', '\r', '\n'};

    /// A complete answer.
    ///
    /// @param body with chunks joined and gzip undone; empty if it was not what it says it is
    record Answer(int status, ByteBuffer body) {}

    /// The first line and the headers.
    ///
    /// @param end offset behind the empty line
    private record Head(String first, List<String> headers, int end) {

        @Nullable String header(String name) {
            for (String header : headers) {
                int colon = header.indexOf(':');
                if (colon > 0 && header.substring(0, colon).equalsIgnoreCase(name)) {
                    return header.substring(colon + 1).strip().toLowerCase(Locale.ROOT);
                }
            }
            return null;
        }
    }

    private HttpTalk() {}

    /// What was asked for: the targets of all requests whose heads are complete.
    static List<String> targets(ByteBuffer client) {
        var targets = new ArrayList<String>();
        int at = 0;
        while (targets.size() < MAX_MESSAGES && startsWithMethod(client, at)) {
            Head head = head(client, at);
            String[] parts = head == null ? new String[0] : head.first().split(" ", -1);
            if (head == null || parts.length != 3 || !parts[2].startsWith("HTTP/1.")) {
                break;
            }
            targets.add(parts[1]);
            at = head.end() + contentLength(head).orElse(0);
        }
        return targets;
    }

    /// A cheap look, since most streams are not HTTP.
    private static boolean startsWithMethod(ByteBuffer client, int at) {
        if (client.limit() - at < 4) {
            return false;
        }
        for (int k = 0; k < 3; k++) {
            byte each = client.get(at + k);
            if (each < 'A' || each > 'Z') {
                return false;
            }
        }
        return true;
    }

    /// All answers that are complete. One that ends only with its connection counts as complete as
    /// soon as it holds a whole bencoded dictionary.
    static List<Answer> answers(ByteBuffer server) {
        var answers = new ArrayList<Answer>();
        int at = 0;
        while (answers.size() < MAX_MESSAGES && startsWithVersion(server, at)) {
            Head head = head(server, at);
            OptionalInt status = head == null ? OptionalInt.empty() : status(head);
            if (head == null || status.isEmpty()) {
                break;
            }
            boolean isBodiless = status.getAsInt() < 200 || status.getAsInt() == 204;
            HttpBody body =
                    isBodiless
                            ? new HttpBody(ByteBuffer.allocate(0), head.end())
                            : HttpBody.read(
                                    server,
                                    head.end(),
                                    contentLength(head),
                                    "chunked".equals(head.header("transfer-encoding")));
            if (body == null) {
                break;
            }
            boolean isZipped = "gzip".equals(head.header("content-encoding"));
            if (status.getAsInt() >= 200) { // what is below announces the answer
                ByteBuffer bytes = isZipped ? HttpBody.gunzip(body.bytes()) : body.bytes();
                answers.add(new Answer(status.getAsInt(), bytes));
            }
            at = body.end();
        }
        return answers;
    }

    private static boolean startsWithVersion(ByteBuffer server, int at) {
        return server.limit() - at > 12
                && server.get(at) == 'H'
                && server.get(at + 1) == 'T'
                && server.get(at + 2) == 'T'
                && server.get(at + 3) == 'P'
                && server.get(at + 4) == '/'
                && server.get(at + 5) == '1';
    }

    private static OptionalInt status(Head head) {
        String[] parts = head.first().split(" ", 3);
        return parts.length >= 2 && parts[1].matches("[1-5][0-9][0-9]")
                ? OptionalInt.of(Integer.parseInt(parts[1]))
                : OptionalInt.empty();
    }

    private static OptionalInt contentLength(Head head) {
        String length = head.header("content-length");
        return length != null && length.matches("[0-9]{1,9}")
                ? OptionalInt.of(Integer.parseInt(length))
                : OptionalInt.empty();
    }

    private static @Nullable Head head(ByteBuffer stream, int at) {
        for (int end = at; end <= stream.limit() - HEAD_END.length; end++) {
            if (stream.get(end) == '\r'
                    && stream.slice(end, HEAD_END.length).equals(ByteBuffer.wrap(HEAD_END))) {
                byte[] bytes = new byte[end - at];
                stream.get(at, bytes);
                List<String> lines =
                        new String(bytes, StandardCharsets.ISO_8859_1).lines().toList();
                return lines.isEmpty()
                        ? null
                        : new Head(
                                lines.getFirst(),
                                lines.subList(1, lines.size()),
                                end + HEAD_END.length);
            }
        }
        return null;
    }
}
