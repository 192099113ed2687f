/// What the owner of a session decides: encryption, limits, time-outs.
///
/// Values only, each with its default and where that comes from. Start with [EncryptionPolicy].
/// Everything in the engine may look in here; this package sees only `protocol`.
@NullMarked
package dev.thistle.engine.settings;

import org.jspecify.annotations.NullMarked;
