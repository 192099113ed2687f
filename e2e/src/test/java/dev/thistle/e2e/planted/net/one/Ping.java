package dev.thistle.e2e.planted.net.one;

import dev.thistle.e2e.planted.net.two.Pong;

/// Needs the other.
public record Ping(Pong other) {}
