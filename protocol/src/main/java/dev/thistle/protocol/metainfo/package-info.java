/// What a torrent is: its files, its pieces and where to ask for peers.
///
/// Start with [Metainfo] (what a `.torrent` says), then [MetainfoReader] (what is refused and what
/// is forgiven) and [TorrentBuilder] (how one is made, with [PieceLength] for its granularity).
/// [Magnet] is the same torrent named by a link. [SafePaths] turns the names a stranger chose into
/// paths that cannot leave a folder and work on every platform, one element at a time by
/// [SafeName].
///
/// Specs: BEP 3 (v1), 12 (tiers), 19 (web seeds), 27 (private), 47 (padding), 9 (magnets), 8
/// (obfuscated tiers). 52 (v2 and hybrid). Not here: files on disk (`engine`), asking trackers
/// (`tracker`). Sees the root package, `bencode` and `merkle`. Style: values.
@NullMarked
package dev.thistle.protocol.metainfo;

import org.jspecify.annotations.NullMarked;
