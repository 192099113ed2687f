/// Message Stream Encryption: how two peers agree on RC4 streams before they say anything that a
/// third party could recognise. No fixed bytes, no fixed lengths, no readable info-hash.
///
/// Start with [MseInitiator] (who calls) and [MseResponder] (who is called): two machines that are
/// fed bytes and answer [MseNext]. Whoever is called asks [IncomingStream] first. What comes out is
/// a [StreamCipher]. [PadPolicy] shapes what an observer sees, [SkeyIndex] knows which torrents may
/// be asked for. `KeyExchange`, `SharedSecret` and `SyncMark` are the parts that both machines use.
///
///     caller  -> called   Ya | PadA
///     called  -> caller   Yb | PadB
///     caller  -> called   HASH(req1, S) | HASH(req2, SKEY) ^ HASH(req3, S) |
///                         RC4(VC | crypto_provide | lenC | PadC | lenIA | IA)
///     called  -> caller   RC4(VC | crypto_select | lenD | PadD)
///     both                the payload, RC4 going on or in the clear as was selected
///
/// Known weaknesses. Nobody is authenticated, so whoever stands between the two and knows the
/// info-hash reads everything, and even without it he gets a value to test guesses against. The one
/// 768-bit prime is within reach of well-funded attackers, RC4 is broken as a cipher, and nothing
/// notices flipped bits in messages. And uniformly random first packets of such sizes are a pattern
/// of their own that observers block or probe: what is said is hidden, not that something is.
/// [PadPolicy#PRINTABLE21] and [PadPolicy#ZEROS32] answer the one such rule that is known to have
/// been enforced (until 2023), and no other.
///
/// Spec: the Message Stream Encryption specification of 2006. Not here: sockets, deadlines and the
/// choice between MSE and plaintext (the engine). A responder should be given 30 seconds in all, an
/// initiator 10 seconds for each answer. Depends on the root package, `bencode`, `peer` (the sizes
/// of a handshake) and `rc4`.
@NullMarked
package dev.thistle.protocol.mse;

import org.jspecify.annotations.NullMarked;
