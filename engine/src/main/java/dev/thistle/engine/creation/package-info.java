/// Making torrents of what lies on a disk.
///
/// Start with [ContentHash]: it reads files on all processors and tells a
/// [TorrentBuilder][dev.thistle.protocol.metainfo.TorrentBuilder] every hash that a torrent of v1,
/// v2 or both needs. Not here: which files, what trackers (the caller's choice), how a torrent is
/// written (`protocol`). Sees `protocol` only.
@NullMarked
package dev.thistle.engine.creation;

import org.jspecify.annotations.NullMarked;
