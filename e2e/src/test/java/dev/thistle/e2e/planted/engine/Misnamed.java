package dev.thistle.e2e.planted.engine;

/// Everything that is named by its kind.
interface Misnamed {
    record SwarmManager() {}

    record HexUtil() {}

    record HexUtils() {}

    record PeerHelper() {}

    record PeerImpl() {}

    record PeerService() {}

    record AbstractPeer() {}

    record DefaultPeer() {}

    record BasePeer() {}
}
