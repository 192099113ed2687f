package dev.thistle.engine.settings;

import dev.thistle.engine.settings.EncryptionPolicy.Level;
import java.util.Optional;

/// Protection that one torrent wants in place of its session's.
///
/// An incoming connection is greeted under the session's policy, since only its greeting names the
/// torrent, and hung up on if the torrent does not permit what came of it. So a torrent may be
/// stricter than its session, and not more lenient.
///
/// @param outgoing of connections that we open
/// @param incoming of connections that others open
public record TorrentEncryption(
        Optional<EncryptionPolicy> outgoing, Optional<EncryptionPolicy> incoming) {

    /// As the session has it.
    public static final TorrentEncryption AS_SESSION =
            new TorrentEncryption(Optional.empty(), Optional.empty());

    /// What callers of the torrent have to expect, which trackers and peers are told: both it and
    /// its session have to permit what they come with.
    public Level incomingLevel(EncryptionPolicy session) {
        EncryptionPolicy own = incoming.orElse(session);
        if (!session.permitsPlaintext()) {
            return Level.REQUIRE;
        }
        return session.permitsMse() || own.level() == Level.REQUIRE ? own.level() : Level.OFF;
    }

    /// The same for both directions.
    public static TorrentEncryption of(EncryptionPolicy policy) {
        return new TorrentEncryption(Optional.of(policy), Optional.of(policy));
    }
}
