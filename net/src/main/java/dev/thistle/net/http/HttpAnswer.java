package dev.thistle.net.http;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/// The answer to one request: its head is here, its body comes as it is read. Used by one thread at
/// a time.
public final class HttpAnswer {

    private static final int MAX_LINE_BYTES = 8 * 1024;

    /// Lines of one head, and those behind the last chunk; common servers allow a hundred.
    private static final int MAX_LINES = 100;

    /// Heads that say that the answer is still to come.
    private static final int MAX_INTERIM = 5;

    /// 2^60 bytes in hexadecimal: no larger chunk can be meant.
    private static final int MAX_CHUNK_DIGITS = 15;

    private static final long UNTIL_THE_END = -1;

    private final HttpInput input;
    private final int status;
    private final Map<String, String> headers;
    private final boolean chunked;
    private final boolean keptOpen;

    /// Of the body, or of the chunk; [#UNTIL_THE_END] if only the end of the stream tells.
    private long left;

    private boolean isOver;

    private HttpAnswer(HttpInput input, int status, Map<String, String> headers, boolean isHttp11)
            throws ProtocolException {
        this.input = input;
        this.status = status;
        this.headers = headers;
        String coding = headers.getOrDefault("transfer-encoding", "").toLowerCase(Locale.ROOT);
        chunked = coding.equals("chunked");
        if (!chunked && !coding.isEmpty() && !coding.equals("identity")) {
            throw new ProtocolException("an answer in a coding that was not asked for");
        }
        boolean bodiless = status == 204 || status == 304;
        left = bodiless || chunked ? 0 : contentLength();
        isOver = !chunked && left == 0;
        boolean asksToClose =
                headers.getOrDefault("connection", "").toLowerCase(Locale.ROOT).contains("close");
        keptOpen = isHttp11 && !asksToClose && left != UNTIL_THE_END;
    }

    private long contentLength() throws ProtocolException {
        String text = headers.get("content-length");
        if (text == null) {
            return UNTIL_THE_END;
        }
        if (text.isEmpty() || text.length() > 18 || !text.chars().allMatch(Character::isDigit)) {
            throw new ProtocolException("an answer with a length that is no number");
        }
        return Long.parseLong(text);
    }

    static HttpAnswer read(HttpInput input, Countdown countdown) throws IOException {
        for (int interim = 0; interim <= MAX_INTERIM; interim++) {
            String line = input.line(MAX_LINE_BYTES, countdown);
            if (!line.matches("HTTP/1\\.[01] [1-9][0-9]{2}( .*)?")) {
                throw new ProtocolException("what answers is no web server");
            }
            int status = Integer.parseInt(line.substring(9, 12));
            Map<String, String> headers = headers(input, countdown);
            if (status >= 200) {
                return new HttpAnswer(input, status, headers, line.charAt(7) == '1');
            }
        }
        throw new ProtocolException(
                "more than %d answers that put the answer off".formatted(MAX_INTERIM));
    }

    private static Map<String, String> headers(HttpInput input, Countdown countdown)
            throws IOException {
        var headers = new HashMap<String, String>();
        for (int lines = 0; lines <= MAX_LINES; lines++) {
            String line = input.line(MAX_LINE_BYTES, countdown);
            if (line.isEmpty()) {
                return headers;
            }
            int colon = line.indexOf(':');
            if (colon > 0) {
                String name = line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
                String value = line.substring(colon + 1).strip();
                String before = headers.put(name, value);
                if (name.equals("content-length") && before != null && !before.equals(value)) {
                    throw new ProtocolException("an answer with two lengths");
                }
            }
        }
        throw new ProtocolException(
                "an answer with more than %d lines in its head".formatted(MAX_LINES));
    }

    /// 200 to 999.
    public int status() {
        return status;
    }

    /// What the last line of the head with this name says; case does not matter.
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
    }

    /// Whether the body has been read to its end.
    public boolean isOver() {
        return isOver;
    }

    /// Whether the connection takes another request once the body has been read.
    public boolean leavesTheConnectionOpen() {
        return keptOpen;
    }

    /// Reads some of the body: at least one byte into `target`, which must have room.
    ///
    /// @return how many, or -1 at the end of the body
    /// @throws EOFException if the server hung up before that
    public int read(ByteBuffer target, Duration patience) throws IOException {
        if (chunked && left == 0 && !isOver) {
            beginChunk(Countdown.of(patience));
        }
        if (isOver) {
            return -1;
        }
        int count = input.read(target, left == UNTIL_THE_END ? Long.MAX_VALUE : left, patience);
        if (count < 0) {
            if (left != UNTIL_THE_END) {
                throw new EOFException("the server hung up in the middle of an answer");
            }
            isOver = true;
        } else if (left != UNTIL_THE_END) {
            left -= count;
            if (left == 0) {
                endStretch(Countdown.of(patience));
            }
        }
        return count;
    }

    private void beginChunk(Countdown countdown) throws IOException {
        String line = input.line(MAX_LINE_BYTES, countdown);
        int end = line.indexOf(';'); // extensions, which nobody uses
        String digits = (end < 0 ? line : line.substring(0, end)).strip();
        boolean isNumber =
                !digits.isEmpty()
                        && digits.length() <= MAX_CHUNK_DIGITS
                        && digits.chars().allMatch(HexFormat::isHexDigit);
        if (!isNumber) {
            throw new ProtocolException("an answer with a chunk whose length is no number");
        }
        left = HexFormat.fromHexDigitsToLong(digits);
        if (left == 0) {
            var _ = headers(input, countdown);
            isOver = true;
        }
    }

    private void endStretch(Countdown countdown) throws IOException {
        if (!chunked) {
            isOver = true;
        } else if (!input.line(2, countdown).isEmpty()) {
            throw new ProtocolException("an answer with a chunk that is longer than it says");
        }
    }

    /// The whole body, with gzip undone.
    ///
    /// @param maxBytes before and after gzip
    /// @param patience for all of it
    /// @throws ProtocolException if it is larger
    public byte[] readAll(int maxBytes, Duration patience) throws IOException {
        Countdown countdown = Countdown.of(patience);
        var body = ByteBuffer.allocate((int) Math.min(Math.max(left, 4096), maxBytes + 1L));
        while (read(body, countdown.left()) >= 0) {
            if (body.position() > maxBytes) {
                throw tooLarge(maxBytes);
            }
            if (!body.hasRemaining()) {
                int larger = (int) Math.min(2L * body.capacity(), maxBytes + 1L);
                body = ByteBuffer.allocate(larger).put(body.flip());
            }
        }
        byte[] bytes = Arrays.copyOf(body.array(), body.position());
        boolean zipped = header("Content-Encoding").filter("gzip"::equalsIgnoreCase).isPresent();
        return zipped ? unzipped(bytes, maxBytes) : bytes;
    }

    private static byte[] unzipped(byte[] bytes, int maxBytes) throws IOException {
        try (var unzip = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            byte[] plain = unzip.readNBytes(maxBytes + 1);
            if (plain.length > maxBytes) {
                throw tooLarge(maxBytes);
            }
            return plain;
        }
    }

    private static ProtocolException tooLarge(int maxBytes) {
        return new ProtocolException(
                "an answer of more than the %d bytes allowed".formatted(maxBytes));
    }
}
