package dev.thistle.engine.settings;

/// Whether a torrent may have us call trackers and web seeds on this machine or in private
/// networks. A torrent from a stranger could otherwise make us knock at a router's door.
///
/// Whatever holds, nobody outside can redirect us into a private network.
public enum LocalTargets {
    ALLOWED,
    REFUSED
}
