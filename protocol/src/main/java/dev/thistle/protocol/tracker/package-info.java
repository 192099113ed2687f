/// What clients and HTTP trackers say to each other: announce and scrape, in clear and in the form
/// that hides the torrent and the peers from bystanders (BEP 8). Both sides, so that each tests the
/// other.
///
/// A client starts with [AnnounceRequest] and [AnnounceQuery] (what to ask), [TrackerUrl] (whom)
/// and [AnnounceAnswerReader] (what came back). A tracker starts with [ReceivedAnnounce] and
/// [ReceivedScrape], and answers with [AnnounceAnswerWriter]. [AddressCipher] is the key stream
/// that BEP 8 gives both of them, [ScrapeExchange] is the whole of scraping.
///
/// Not here: HTTP itself, gzip, and when to announce. Nothing in this package puts an info-hash or
/// a query into an error message. Specs: BEP 3, 7, 8, 21, 23, 24, 31, 48. Style: values.
@NullMarked
package dev.thistle.protocol.tracker;

import org.jspecify.annotations.NullMarked;
