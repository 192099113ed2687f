/// The pieces of a torrent: which are there, which to get next, and how one is put together.
///
/// Start with [PiecePicker] (what to ask of whom, owned by the torrent's thread), then
/// [PieceAssembly] (one piece under way: blocks are written and hashed by the threads that received
/// them). [PieceCheck] hashes what lies in a store already.
///
/// Nothing here knows about connections; a peer is a number. Depends on `storage` and `protocol`.
@NullMarked
package dev.thistle.engine.pieces;

import org.jspecify.annotations.NullMarked;
