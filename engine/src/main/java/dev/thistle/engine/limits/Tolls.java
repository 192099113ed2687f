package dev.thistle.engine.limits;

/// What one connection pays.
///
/// @param down for bytes that it receives
/// @param up for blocks that it sends
public record Tolls(Toll down, Toll up) {

    public static final Tolls FREE = new Tolls(Toll.FREE, Toll.FREE);
}
