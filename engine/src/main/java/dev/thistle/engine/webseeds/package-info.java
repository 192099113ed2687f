/// Web servers that have a torrent's files, as sources of pieces (BEP 19).
///
/// Start with [WebSeed], the thread that fetches blocks from one server and puts them into their
/// [dev.thistle.engine.pieces.PieceAssembly]. [WebSeedFiles] knows under which URL a file is and
/// which stretches of files a block is made of; [RangeRequests] asks a server for one stretch and
/// judges the answer. What comes of it goes to the torrent as [WebSeedEvent]s; which pieces to
/// fetch is decided there, by the same picker as for peers.
///
/// Not here: BEP 17. Depends on `net`, `pieces`, `discovery` (which addresses may be called) and
/// `protocol`.
@NullMarked
package dev.thistle.engine.webseeds;

import org.jspecify.annotations.NullMarked;
