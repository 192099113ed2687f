package dev.thistle.engine.snapshot;

/// Connections that came to nothing before both sides had greeted each other.
///
/// @param syncLost what the other side said made no sense, was not permitted, or named a torrent
///   that is not here: by Message Stream Encryption all this looks alike
/// @param refused the other side ended in good order
/// @param timedOut the other side did not say enough in time
/// @param reset ended in a reset, by the other side or in its name
public record FailedGreetings(long syncLost, long refused, long timedOut, long reset) {

    public static final FailedGreetings NONE = new FailedGreetings(0, 0, 0, 0);
}
