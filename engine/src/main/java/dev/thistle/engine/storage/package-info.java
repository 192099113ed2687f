/// Where the bytes of a torrent lie.
///
/// [PieceStore] is the seam: [FileStore] puts them into files under safe names, [MemoryStore] keeps
/// them in memory, and a caller may bring its own. A [FileStamp] says whether a file was changed
/// since. Depends on `protocol` only.
@NullMarked
package dev.thistle.engine.storage;

import org.jspecify.annotations.NullMarked;
