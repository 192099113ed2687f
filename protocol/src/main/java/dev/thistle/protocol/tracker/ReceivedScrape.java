package dev.thistle.protocol.tracker;

import static dev.thistle.protocol.MalformedException.Rule.BAD_VALUE;

import dev.thistle.protocol.MalformedException;
import java.util.List;

/// A scrape as a tracker reads it from the query (BEP 48). BEP 8 has no scrape; ours takes `sha_ih`
/// there too and answers under the name that was asked for.
///
/// @param torrents 1 to [#MAX_TORRENTS]
public record ReceivedScrape(List<TorrentName> torrents) {

    /// More do not fit a request line of 8 KiB.
    public static final int MAX_TORRENTS = 100;

    public ReceivedScrape {
        torrents = List.copyOf(torrents);
    }

    /// Reads the query of a scrape. One without a torrent would ask for all of them: refused.
    ///
    /// @param rawQuery what stands behind the first `?`, one char a byte, escapes untouched
    /// @throws MalformedException in words fit for a `failure reason`
    public static ReceivedScrape parse(String rawQuery) throws MalformedException {
        List<TorrentName> names = QueryString.parse(rawQuery).torrents(MAX_TORRENTS);
        if (names.isEmpty()) {
            throw new MalformedException(
                    BAD_VALUE, "info_hash", "missing, and a full scrape is not offered");
        }
        return new ReceivedScrape(names);
    }
}
