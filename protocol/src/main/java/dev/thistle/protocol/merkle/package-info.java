/// Merkle trees over the blocks of a file, by which v2 torrents verify data (BEP 52).
///
///     level 2 (root)            R
///     level 1             x           y        a piece of two blocks: the piece layer
///     level 0           b0  b1      b2  0      SHA-256 of each 16 KiB; zeros behind the end
///
/// Start with [TreeShape] (how high and wide), then [HashLayer] (the nodes of one level), then
/// [MerkleTree] (all levels from one up) and [LayerRange] (what peers ask each other for, and the
/// proof that comes with it). [PieceLayers] is what a torrent file holds.
///
/// Pure: bytes in, hashes out. Not here: who is asked and when (`engine`), the messages' layout
/// (`peer`). Sees the root package alone. Style: values over flat byte arrays, since a layer has up
/// to two million nodes.
@NullMarked
package dev.thistle.protocol.merkle;

import org.jspecify.annotations.NullMarked;
