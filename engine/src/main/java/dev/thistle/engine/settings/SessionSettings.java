package dev.thistle.engine.settings;

import dev.thistle.protocol.mse.PadPolicy;
import java.net.InetSocketAddress;
import java.time.Duration;
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
/// @param greetingPatience all handshakes of a caller together, which nobody can make last longer:
///   callers may be slower than those we choose ([TorrentSettings#greetingPatience])
public record SessionSettings(
        Optional<InetSocketAddress> listen,
        EncryptionPolicy outgoing,
        EncryptionPolicy incoming,
        PadPolicy pads,
        String userAgent,
        SessionLimits limits,
        BufferLimits buffers,
        Duration greetingPatience) {

    /// Name and version, for trackers and peers.
    public static final String USER_AGENT = "Thistle/0.1";

    /// Transmission's.
    private static final Duration GREETING_PATIENCE = Duration.ofSeconds(30);

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
                BufferLimits.DEFAULT,
                GREETING_PATIENCE);
    }

    public SessionSettings {
        if (!greetingPatience.isPositive()) {
            throw new IllegalArgumentException(
                    "greeting-patience: %s, allowed more than nothing".formatted(greetingPatience));
        }
    }

    public SessionSettings withLimits(SessionLimits others) {
        return with(pads, others, buffers, greetingPatience);
    }

    /// Another limit of memory.
    public SessionSettings withBuffers(BufferLimits others) {
        return with(pads, limits, others, greetingPatience);
    }

    /// Shapes the pads of MSE handshakes.
    public SessionSettings withPads(PadPolicy others) {
        return with(others, limits, buffers, greetingPatience);
    }

    /// Waits so long for callers.
    public SessionSettings withGreetingPatience(Duration other) {
        return with(pads, limits, buffers, other);
    }

    private SessionSettings with(
            PadPolicy newPads,
            SessionLimits newLimits,
            BufferLimits newBuffers,
            Duration newGreetingPatience) {
        return new SessionSettings(
                listen,
                outgoing,
                incoming,
                newPads,
                userAgent,
                newLimits,
                newBuffers,
                newGreetingPatience);
    }

    /// Listens on `listen`, with one policy for both directions and random pads.
    public static SessionSettings of(InetSocketAddress listen, EncryptionPolicy policy) {
        return new SessionSettings(
                Optional.of(listen), policy, policy, PadPolicy.RANDOM, USER_AGENT);
    }
}
