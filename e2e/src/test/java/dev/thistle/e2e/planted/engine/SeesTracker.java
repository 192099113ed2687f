package dev.thistle.e2e.planted.engine;

import dev.thistle.e2e.planted.tracker.Swarm;

/// Sees a neighbour.
record SeesTracker(Swarm swarm) {}
