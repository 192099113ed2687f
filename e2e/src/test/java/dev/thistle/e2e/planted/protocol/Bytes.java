package dev.thistle.e2e.planted.protocol;

/// Does no harm: something for others to see.
public record Bytes(int length) {}
