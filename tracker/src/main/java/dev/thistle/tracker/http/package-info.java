/// The tracker's HTTP front: Jetty's core, an announce and a scrape, and nothing else.
///
/// [HttpFront] starts and stops the server with the settings that real clients need.
/// `TrackerHandler` turns a request into a raw query and a source address, [AnnounceDesk] turns
/// those into the bytes of an answer: it is all of the tracker that is not HTTP, and is tested
/// without it. Handlers never block, so they run on the threads that read the sockets.
///
/// Queries are never decoded as text and never logged. Depends on `swarms` and `policy`.
@NullMarked
package dev.thistle.tracker.http;

import org.jspecify.annotations.NullMarked;
