package dev.thistle.protocol.tracker;

import dev.thistle.protocol.PeerAddress;
import dev.thistle.protocol.bencode.ByteString;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What a tracker said to an announce.
public sealed interface AnnounceAnswer {

    /// If the tracker does not say.
    Duration INTERVAL = Duration.ofMinutes(30);

    /// A day: longer waits are a mistake of the tracker's.
    long MAX_INTERVAL_SECONDS = 86_400;

    /// What an interval on the wire means.
    ///
    /// @param seconds as the tracker said it; 0 or less if it did not
    static Duration interval(long seconds) {
        return seconds > 0 ? Duration.ofSeconds(Math.min(seconds, MAX_INTERVAL_SECONDS)) : INTERVAL;
    }

    /// The announce counted.
    ///
    /// @param interval what to wait; 30 minutes if the tracker did not say
    /// @param minInterval never announce sooner, except to stop
    /// @param peers dialable, without duplicates, in the tracker's order, at most
    ///   [AnnounceAnswerReader#MAX_PEERS] a family
    /// @param complete seeders; -1 if the tracker did not say
    /// @param incomplete the others; -1 if the tracker did not say
    /// @param warning for people, to be shown once
    /// @param trackerId to be repeated in the next announce, one char a byte
    /// @param obfuscated were the peers hidden (BEP 8)? False means that everybody on the way could
    ///   read them, whatever we asked for
    /// @param requireCrypto those of `peers` that refuse plain connections
    /// @param externalIp how the tracker sees us: 4 or 16 bytes (BEP 24)
    record Accepted(
            Duration interval,
            Optional<Duration> minInterval,
            List<PeerAddress> peers,
            int complete,
            int incomplete,
            Optional<String> warning,
            Optional<String> trackerId,
            boolean obfuscated,
            Set<PeerAddress> requireCrypto,
            Optional<ByteString> externalIp)
            implements AnnounceAnswer {

        public Accepted {
            peers = List.copyOf(peers);
            requireCrypto = Set.copyOf(requireCrypto);
        }
    }

    /// The tracker does not serve us. To an obfuscated announce this is also how a tracker answers
    /// that never heard of `sha_ih`: try the next one, and never this one with `info_hash`.
    ///
    /// @param reason one line for people
    record Refused(String reason, RetryIn retryIn) implements AnnounceAnswer {}
}
