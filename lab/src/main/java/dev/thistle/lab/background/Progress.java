package dev.thistle.lab.background;

/// What an activity has done so far.
///
/// @param bytes of payload, as they passed
/// @param objects that were completed: pages' parts, files, answers
/// @param failures objects given up
public record Progress(long bytes, long objects, long failures) {}
