package dev.thistle.e2e.planted.tracker;

/// Something for others to see.
public record Swarm(int peers) {}
