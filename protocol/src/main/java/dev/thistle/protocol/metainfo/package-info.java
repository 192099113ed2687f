/// What a torrent is: its files, its pieces and where to ask for peers.
///
/// Start with [Metainfo] (what a `.torrent` says), then [MetainfoReader] (what is refused and what
/// is forgiven) and [TorrentBuilder] (how one is made, with [PieceLength] for its granularity).
/// [Magnet] is the same torrent named by a link. [SafePaths] turns the names a stranger chose into
/// paths that cannot leave a folder and work on every platform, one element at a time by
/// [SafeName].
///
/// Specs: BEP 3 (v1), 12 (tiers), 19 (web seeds), 27 (private), 47 (padding), 9 (magnets), 8
/// (obfuscated tiers). Hybrid torrents (BEP 52) are read as v1; v2 alone is refused. Not here:
/// files on disk (`engine`), asking trackers (`tracker`). Sees the root package and `bencode`
/// alone. Style: values.
@NullMarked
package dev.thistle.protocol.metainfo;

import org.jspecify.annotations.NullMarked;
