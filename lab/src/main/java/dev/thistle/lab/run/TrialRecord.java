package dev.thistle.lab.run;

import dev.thistle.lab.outcome.RoundOutcome.Sample;
import dev.thistle.lab.truth.Connection;
import dev.thistle.lab.truth.Truth;
import java.util.List;

/// What happened in a trial, as the swarm, its ends' kernels and the box know it.
///
/// @param truth who was what
/// @param box what it found out, did and counted
record TrialRecord(Course course, Truth truth, BoxLog.Written box) {

    /// How the swarm fared.
    ///
    /// @param startNanos when the first leecher started, on the clock of the box
    /// @param seconds until all had everything, or until the window was over
    /// @param verifiedBytes by all leechers
    /// @param connections as their ends knew them before anybody said goodbye
    /// @param cpuShare of all processors, 0 to 1
    record Course(
            long startNanos,
            double seconds,
            int completed,
            long verifiedBytes,
            List<Sample> samples,
            List<Connection> connections,
            double cpuShare) {

        Course {
            samples = List.copyOf(samples);
            connections = List.copyOf(connections);
        }

        double goodputBitsPerSecond() {
            return 8.0 * verifiedBytes / seconds;
        }
    }

    /// Since the first leecher started.
    double seconds(long nanos) {
        return (nanos - course.startNanos()) / 1e9;
    }
}
