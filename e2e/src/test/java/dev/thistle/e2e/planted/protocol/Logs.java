package dev.thistle.e2e.planted.protocol;

/// Logs.
record Logs(System.Logger log) {}
