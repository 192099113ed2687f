package dev.thistle.engine.snapshot;

import java.net.InetAddress;
import java.time.Instant;
import java.util.Optional;

/// An address that a session does not talk to.
///
/// @param reason for people
/// @param until empty: as long as the session lives
public record Ban(InetAddress address, String reason, Instant since, Optional<Instant> until) {}
