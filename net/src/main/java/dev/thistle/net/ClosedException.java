package dev.thistle.net;

import java.net.SocketException;

/// We hung up ourselves: the link, listener or network was closed by a thread of this program, or
/// the calling thread was interrupted. Nothing to report about the other end.
public final class ClosedException extends SocketException {

    /// Says who and what, as in `reading from 10.0.0.1:6881: closed by this end`.
    public ClosedException(String message) {
        super(message);
    }
}
