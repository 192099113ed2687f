/// The RC4 stream cipher, which MSE and BEP 8 are built on. Not a cipher for new designs.
///
/// One class, [Rc4]: a key, a position in its key stream, and bytes that are changed in place.
/// Depends on nothing.
@NullMarked
package dev.thistle.protocol.rc4;

import org.jspecify.annotations.NullMarked;
