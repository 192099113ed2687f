package dev.thistle.e2e.planted.protocol;

import java.net.InetSocketAddress;

/// Knows a socket address.
record Dials(InetSocketAddress remote) {}
