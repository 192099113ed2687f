/// What answering strangers costs: the whole way of a caller, from the kernel's accept to a link
/// that is greeted and enciphered.
///
/// [HandshakeRate] answers, [HandshakeCallers] is the other process, which calls. `scripts/bench
/// handshakes` runs them; the answer is kept in `bench/baselines/mse.md`.
@NullMarked
package dev.thistle.bench.greeting;

import org.jspecify.annotations.NullMarked;
