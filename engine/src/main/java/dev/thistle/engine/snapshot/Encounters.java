package dev.thistle.engine.snapshot;

/// How connections of a torrent came about, counted since it began, and what went wrong with
/// Message Stream Encryption (MSE) on the way. Callers that fail before they are greeted are the
/// session's ([FailedGreetings]).
///
/// @param outgoing greeted connections that we opened
/// @param incoming greeted connections that others opened
/// @param syncLost calls by MSE to which the answer made no sense
/// @param refused calls by MSE that the other side ended in good order
/// @param timedOut calls by MSE that were not answered in time
/// @param reset calls by MSE that ended in a reset, by the other side or in its name
/// @param fallbacks calls that succeeded the other way after the first had failed
public record Encounters(
        Greetings outgoing,
        Greetings incoming,
        long syncLost,
        long refused,
        long timedOut,
        long reset,
        long fallbacks) {

    public static final Encounters NONE =
            new Encounters(Greetings.NONE, Greetings.NONE, 0, 0, 0, 0, 0);

    /// Greeted connections, by what protects them.
    public record Greetings(long plaintext, long msePlaintext, long mseRc4) {

        public static final Greetings NONE = new Greetings(0, 0, 0);

        public Greetings and(Protection protection) {
            return switch (protection) {
                case PLAINTEXT -> new Greetings(plaintext + 1, msePlaintext, mseRc4);
                case MSE_PLAINTEXT -> new Greetings(plaintext, msePlaintext + 1, mseRc4);
                case MSE_RC4 -> new Greetings(plaintext, msePlaintext, mseRc4 + 1);
            };
        }
    }
}
