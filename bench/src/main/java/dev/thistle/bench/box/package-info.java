/// What the ISP's box carries: a program of its own, since a whole network is no method to call.
///
/// [BoxThroughput] lays a star of two hosts, lets one upload to the other for some seconds by each
/// [Way] in turns, and prints a [Turn] a line and the medians. `scripts/bench box` runs it; the
/// answer is kept in `bench/baselines/box.md`.
@NullMarked
package dev.thistle.bench.box;

import org.jspecify.annotations.NullMarked;
