package dev.thistle.protocol.peer;

import static dev.thistle.protocol.MalformedException.Rule.BAD_VALUE;

import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.PeerId;
import java.nio.ByteBuffer;

/// Reads the other side's [Handshake] from a stream, as a machine that is fed bytes.
///
///     Start --48 bytes--> Asked --20 bytes--> Greeted
///
/// The info-hash is reported before the peer id arrives, because some callers (NAT checks of
/// trackers) never send one and others wait for our answer first. The header is checked byte by
/// byte as it comes, so that a wrong stream is refused at its first wrong byte. One machine belongs
/// to one connection.
public final class HandshakeReader {

    /// What the caller does next.
    public sealed interface Next {
        /// Call [#receive] again once at least `bytes` more have arrived.
        record Read(int bytes) implements Next {}

        /// The torrent is known. Answer or hang up; then call [#receive] for the peer id.
        record Asked(InfoHash infoHash, long reserved) implements Next {}

        /// All 68 bytes have been read.
        record Greeted(Handshake handshake) implements Next {}
    }

    private sealed interface State {
        record Start() implements State {}

        record Asked(InfoHash infoHash, long reserved) implements State {}

        record Finished() implements State {}
    }

    private State state = new State.Start();

    /// Consumes what it needs from `in` and leaves the rest for the next reader.
    public Next receive(ByteBuffer in) throws MalformedException {
        return switch (state) {
            case State.Start _ -> {
                requireHeader(in);
                if (in.remaining() < Handshake.PROLOGUE_BYTES) {
                    yield new Next.Read(Handshake.PROLOGUE_BYTES - in.remaining());
                }
                in.position(in.position() + Handshake.HEADER_BYTES);
                long reserved = in.getLong();
                var infoHash = InfoHash.read(in);
                state = new State.Asked(infoHash, reserved);
                yield new Next.Asked(infoHash, reserved);
            }
            case State.Asked _ when in.remaining() < PeerId.BYTES ->
                    new Next.Read(PeerId.BYTES - in.remaining());
            case State.Asked(var infoHash, var reserved) -> {
                state = new State.Finished();
                yield new Next.Greeted(new Handshake(reserved, infoHash, PeerId.read(in)));
            }
            case State.Finished _ -> throw new IllegalStateException("the handshake is over");
        };
    }

    private static void requireHeader(ByteBuffer in) throws MalformedException {
        int known = Math.min(in.remaining(), Handshake.HEADER_BYTES);
        for (int i = 0; i < known; i++) {
            if (in.get(in.position() + i) != Handshake.header(i)) {
                throw new MalformedException(
                        BAD_VALUE,
                        "handshake.protocol",
                        i,
                        "byte 0x%02x, allowed only 0x13 and 'BitTorrent protocol'"
                                .formatted(in.get(in.position() + i)));
            }
        }
    }
}
