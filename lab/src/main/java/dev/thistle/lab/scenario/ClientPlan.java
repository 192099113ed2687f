package dev.thistle.lab.scenario;

import dev.thistle.engine.settings.EncryptionPolicy.Cipher;
import dev.thistle.engine.settings.EncryptionPolicy.Level;

/// How all peers of the swarm behave in a round. Two rounds with equal plans share the run with the
/// idle ISP that goodput is compared with.
///
/// @param padA content of MSE's first pad
/// @param tracker how peers announce
/// @param dropResets who throws away resets before the kernel sees them
public record ClientPlan(
        Level encryption, Cipher cipher, PadA padA, Tracker tracker, DropResets dropResets) {

    /// Content and length of MSE's first pad.
    public enum PadA {
        RANDOM,
        /// At least 21 printable bytes, so that the "fully encrypted traffic" rule looks away.
        PRINTABLE21,
        /// At least 32 zero bytes, for the same.
        ZEROS32
    }

    public enum Tracker {
        /// `announce-list`: the info-hash and all addresses are in the clear.
        CLEAR,
        /// `obfuscate-announce-list`: BEP 8.
        OBFUSCATED
    }

    public enum DropResets {
        NOBODY,
        CUSTOMERS,
        BOTH_ENDS
    }
}
