/// RC4, the stream cipher of Message Stream Encryption and of tracker peer obfuscation (BEP 8).
///
/// One class, [Rc4]. It is ours and not the JDK's `Cipher`, because every byte of a download goes
/// through it (`bench/baselines/rc4.md` has the numbers), because `Cipher` wants an array or
/// copies, and because a security policy may switch "ARCFOUR" off, which would take the protocol
/// with it.
///
/// RC4 is broken as a cipher. It is here because the wire says so, and hides the shape of a stream,
/// not its contents. How many bytes to throw away first differs by protocol and is the caller's
/// business: 1024 for MSE, 768 for BEP 8. Depends on nothing.
@NullMarked
package dev.thistle.protocol.rc4;

import org.jspecify.annotations.NullMarked;
