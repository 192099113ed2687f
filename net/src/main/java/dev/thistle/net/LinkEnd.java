package dev.thistle.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;

/// Why a link is over, as one end sees it. The first reason stays; every later call on either
/// direction fails with it.
sealed interface LinkEnd {

    /// [Link#close] was called here, or a thread inside a call was interrupted.
    record Closed() implements LinkEnd {}

    record Reset() implements LinkEnd {}

    /// A call took longer than its patience.
    ///
    /// @param call `reading` or `writing`
    record TimedOut(String call, Duration patience) implements LinkEnd {}

    /// The system reported something else, such as an unreachable network.
    record Broken(IOException cause) implements LinkEnd {}

    /// What to throw from a call, with a stack trace of that call.
    ///
    /// @param doing `reading from` or `writing to`
    default IOException toException(String doing, InetSocketAddress remote) {
        String what = doing + " " + Addresses.text(remote) + ": ";
        return switch (this) {
            case Closed() -> new ClosedException(what + "closed by this end");
            case Reset() -> new LinkResetException(what + "connection reset");
            case TimedOut(String call, Duration patience) ->
                    new SocketTimeoutException(
                            "%sgave up, %s took longer than %d ms"
                                    .formatted(what, call, patience.toMillis()));
            case Broken(IOException cause) -> new IOException(what + cause.getMessage(), cause);
        };
    }
}
