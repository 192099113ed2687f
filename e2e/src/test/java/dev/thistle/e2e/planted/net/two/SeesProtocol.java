package dev.thistle.e2e.planted.net.two;

import dev.thistle.e2e.planted.protocol.Bytes;

/// Sees across the ground.
record SeesProtocol(Bytes bytes) {}
