package dev.thistle.net;

import java.net.SocketException;

/// The link was torn down by a reset in the name of the other end. Whether the other end sent it or
/// a box on the way forged it cannot be told from here; that it was a reset and not an orderly end
/// can, and a client on a hostile network wants to count it.
///
/// Writing to an end that has hung up is answered with a reset as well.
public final class LinkResetException extends SocketException {

    /// Says who and what, as in `reading from 10.0.0.1:6881: connection reset`.
    public LinkResetException(String message) {
        super(message);
    }
}
