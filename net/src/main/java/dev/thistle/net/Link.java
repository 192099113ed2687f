package dev.thistle.net;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;

/// A byte stream to one remote, in order and reliable until it breaks.
///
/// One thread may read while another writes; [#close] may be called by any thread, any number of
/// times, and wakes both. Calls block, so give each direction a virtual thread of its own. Buffers
/// may be direct or on the heap; direct ones save a copy.
///
/// **How it breaks.** A link that failed stays failed: whatever ended it first ends both
/// directions, and every later call says the same. All are [IOException]s whose message names the
/// remote and what was being done:
///
/// | exception | because |
/// | --- | --- |
/// | [LinkResetException] | the connection was reset, in the name of the other end |
/// | [java.net.SocketTimeoutException] | a call on this link took longer than its patience |
/// | [ClosedException] | this end was closed, or a thread inside a call was interrupted |
/// | other | the system said something else, which is the cause |
///
/// An orderly end is none of these: [#read] returns -1, and writing goes on as long as the other
/// end takes it.
///
/// **Patience** must be positive. A network may wait up to a tenth of a second longer than asked,
/// never shorter.
public interface Link extends Closeable {

    /// Who is at the other end. Never an IPv4 address in the clothes of an IPv6 one.
    InetSocketAddress remote();

    /// Our own end.
    InetSocketAddress local();

    /// Reads at least one byte into `target`, which must have room.
    ///
    /// @param patience how long to wait for the first byte
    /// @return how many bytes, or -1 when the other end has said that it sends no more
    int read(ByteBuffer target, Duration patience) throws IOException;

    /// Writes all that remains in `source`. When it fails, the position says how much was taken,
    /// not how much arrived.
    ///
    /// @param patience how long the whole write may take before the link counts as dead
    void write(ByteBuffer source, Duration patience) throws IOException;

    /// Hangs up, both directions at once. Bytes written before are still delivered if the link
    /// holds, but nobody waits for that; bytes not yet read are lost, and over TCP their loss may
    /// reach the other end as a reset. Never throws.
    @Override
    void close();
}
