package dev.thistle.engine.peers;

/// What is known of an address from those who named it. Nobody vouches for it.
///
/// @param isHidden it came by an obfuscated announce (BEP 8)
/// @param prefersMse the peer would rather be called by MSE (BEP 11), or has to be (`crypto_flags`)
/// @param isSeed the peer wants nothing (BEP 11)
/// @param inV2Swarm it was found under the v2 name of a hybrid (BEP 52)
public record Hearsay(boolean isHidden, boolean prefersMse, boolean isSeed, boolean inV2Swarm) {

    /// Only the address.
    public static final Hearsay NOTHING = new Hearsay(false, false, false, false);

    /// What a tracker's answer tells.
    public static Hearsay ofTracker(boolean isHidden, boolean inV2Swarm) {
        return new Hearsay(isHidden, false, false, inV2Swarm);
    }

    /// The peer has to be called by MSE, or wants it.
    public Hearsay preferringMse() {
        return new Hearsay(isHidden, true, isSeed, inV2Swarm);
    }

    /// What another peer tells.
    public static Hearsay ofPeer(boolean prefersMse, boolean isSeed) {
        return new Hearsay(false, prefersMse, isSeed, false);
    }

    /// The same address is named again: the way it was first found stays, and what it can do; of
    /// whether it is a seed the latest counts, since that changes.
    Hearsay and(Hearsay later) {
        return new Hearsay(
                isHidden,
                later.prefersMse || prefersMse,
                later.isSeed,
                later.inV2Swarm || inV2Swarm);
    }
}
