package dev.thistle.net;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;

/// A port for datagrams: each arrives whole or not at all, perhaps late, out of order or twice, and
/// from whomever it likes.
///
/// Any number of threads may send; one at a time may receive. [#close] may be called by any thread,
/// any number of times, and wakes the receiver. An interrupt inside a call closes the port.
public interface Datagrams extends Closeable {

    /// The most that a datagram can carry over IPv4: 65,535 bytes less two headers.
    int MAX_BYTES = 65_507;

    /// Where it is, with the port that was really taken.
    InetSocketAddress local();

    /// Sends what remains in `datagram`, and consumes it. That it left says nothing about whether
    /// it arrives.
    ///
    /// @throws IOException if the system refuses to send it, as it does for too large a datagram or
    ///   an address it has no way to; messages name `remote`
    void send(ByteBuffer datagram, InetSocketAddress remote) throws IOException;

    /// Waits for a datagram and puts it into `target`. What does not fit is lost.
    ///
    /// @param patience how long to wait; positive
    /// @return who sent it, never an IPv4 address in the clothes of an IPv6 one; nothing if no
    ///   datagram came in time, in which case `target` is as it was
    /// @throws ClosedException once the port is closed
    Optional<InetSocketAddress> receive(ByteBuffer target, Duration patience) throws IOException;

    /// Gives the port back. What has not been received is lost. Never throws.
    @Override
    void close();
}
