package dev.thistle.protocol.tracker;

import dev.thistle.protocol.InfoHash;

/// How a request names a torrent: openly, or so that only a tracker that knows it understands.
public sealed interface TorrentName {

    /// `info_hash`.
    record Open(InfoHash infoHash) implements TorrentName {
        /// No digits: requests end up in messages.
        @Override
        public String toString() {
            return "Open";
        }
    }

    /// `sha_ih` (BEP 8).
    record Hidden(ShaIh shaIh) implements TorrentName {}
}
