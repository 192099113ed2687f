/// Bencoding (BEP 3): the notation of torrents, tracker answers and extension messages.
///
/// Start with [BencodeValue] (what can be said), then [BencodeReader] (strict, with the leniencies
/// that real senders need, depth and size limited), then [BencodeWriter] (canonical only). Values
/// keep where they stood in the input, because an info-hash is taken over the original bytes.
/// Depends on the root package alone. Style: values.
@NullMarked
package dev.thistle.protocol.bencode;

import org.jspecify.annotations.NullMarked;
