package dev.thistle.e2e.planted.engine;

import picocli.CommandLine;

/// Knows the command line.
record Parses(CommandLine line) {}
