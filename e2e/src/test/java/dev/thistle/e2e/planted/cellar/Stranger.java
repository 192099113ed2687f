package dev.thistle.e2e.planted.cellar;

/// Belongs nowhere.
record Stranger() {}
