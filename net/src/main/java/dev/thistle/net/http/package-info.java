/// Asking web servers for things: HTTP/1.1 over the links of a `Network`, with TLS where the URL
/// says so. For trackers, web seeds and torrent files.
///
/// Start with [HttpCaller] (how to reach a server), then [HttpConnection] (one request after the
/// other), then [HttpAnswer] (what came back). [Names] looks hosts up within a time limit; the
/// caller chooses among the addresses, and what was chosen is what is called.
///
/// Not here: redirects, cookies, proxies, HTTP/2, requests with a body. Specs: RFC 9110, RFC 9112.
@NullMarked
package dev.thistle.net.http;

import org.jspecify.annotations.NullMarked;
