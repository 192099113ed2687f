package dev.thistle.engine.settings;

import dev.thistle.protocol.mse.PadPolicy;
import java.net.InetSocketAddress;
import java.util.Optional;

/// What a session does towards the network.
///
/// @param listen where it accepts callers; nothing to accept none
/// @param outgoing protection of connections that we open
/// @param incoming protection of connections that others open
/// @param pads lengths and content of the pads of MSE, by which handshakes can be shaped
/// @param userAgent name and version as trackers and peers see it
/// @param limits what all torrents may use together
/// @param buffers memory for the bytes of all peers
public record SessionSettings(
        Optional<InetSocketAddress> listen,
        EncryptionPolicy outgoing,
        EncryptionPolicy incoming,
        PadPolicy pads,
        String userAgent,
        SessionLimits limits,
        BufferLimits buffers) {

    /// Name and version, for trackers and peers.
    public static final String USER_AGENT = "Thistle/0.1";

    /// Listens on any free port, with the default encryption.
    public static final SessionSettings DEFAULT =
            of(new InetSocketAddress(0), EncryptionPolicy.DEFAULT);

    /// The usual limits.
    public SessionSettings(
            Optional<InetSocketAddress> listen,
            EncryptionPolicy outgoing,
            EncryptionPolicy incoming,
            PadPolicy pads,
            String userAgent) {
        this(
                listen,
                outgoing,
                incoming,
                pads,
                userAgent,
                SessionLimits.DEFAULT,
                BufferLimits.DEFAULT);
    }

    public SessionSettings withLimits(SessionLimits others) {
        return new SessionSettings(listen, outgoing, incoming, pads, userAgent, others, buffers);
    }

    /// Another limit of memory.
    public SessionSettings withBuffers(BufferLimits others) {
        return new SessionSettings(listen, outgoing, incoming, pads, userAgent, limits, others);
    }

    /// Shapes the pads of MSE handshakes.
    public SessionSettings withPads(PadPolicy others) {
        return new SessionSettings(listen, outgoing, incoming, others, userAgent, limits, buffers);
    }

    /// Listens on `listen`, with one policy for both directions and random pads.
    public static SessionSettings of(InetSocketAddress listen, EncryptionPolicy policy) {
        return new SessionSettings(
                Optional.of(listen), policy, policy, PadPolicy.RANDOM, USER_AGENT);
    }
}
