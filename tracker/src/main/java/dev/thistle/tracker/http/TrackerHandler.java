package dev.thistle.tracker.http;

import dev.thistle.protocol.tracker.AnnounceAnswerWriter;
import dev.thistle.protocol.tracker.RetryIn;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/// Routes by the last element of the path: `announce…` and `scrape…`, whatever stands before it (a
/// passkey) and behind it (`.php`). Never blocks. Answers that are no success are bencoded too: the
/// only readers are clients.
final class TrackerHandler extends Handler.Abstract.NonBlocking {

    private static final HttpField TEXT =
            new PreEncodedHttpField(HttpHeader.CONTENT_TYPE, "text/plain");

    private final AnnounceDesk desk;
    private final SourceAddress sources;

    TrackerHandler(AnnounceDesk desk, SourceAddress sources) {
        this.desk = desk;
        this.sources = sources;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        if (!HttpMethod.GET.is(request.getMethod()) && !HttpMethod.HEAD.is(request.getMethod())) {
            response.getHeaders().put(HttpHeader.ALLOW, "GET, HEAD");
            refuse(HttpStatus.METHOD_NOT_ALLOWED_405, "only GET", response, callback);
            return true;
        }
        String path = request.getHttpURI().getPath();
        String last = path == null ? "" : path.substring(path.lastIndexOf('/') + 1);
        String query = request.getHttpURI().getQuery();
        String rawQuery = query == null ? "" : query;
        if (last.startsWith("announce")) {
            write(desk.announce(rawQuery, source(request)), response, callback);
        } else if (last.startsWith("scrape")) {
            write(desk.scrape(rawQuery, source(request)), response, callback);
        } else {
            refuse(HttpStatus.NOT_FOUND_404, "only /announce and /scrape", response, callback);
        }
        return true;
    }

    static void refuse(int status, String reason, Response response, Callback callback) {
        response.setStatus(status);
        write(AnnounceAnswerWriter.refused(reason, new RetryIn.Unsaid()), response, callback);
    }

    private static void write(byte[] body, Response response, Callback callback) {
        response.getHeaders().put(TEXT);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
        response.write(true, ByteBuffer.wrap(body), callback);
    }

    private AnnounceDesk.Source source(Request request) {
        if (request.getConnectionMetaData().getRemoteSocketAddress()
                instanceof InetSocketAddress remote) {
            String forwarded = request.getHeaders().get(HttpHeader.X_FORWARDED_FOR);
            return sources.of(remote.getAddress(), forwarded);
        }
        throw new IllegalStateException("the server listens on TCP only");
    }
}
