package dev.thistle.engine.discovery;

import dev.thistle.engine.discovery.AnnounceOrder.Tracker;
import dev.thistle.protocol.tracker.AnnounceAnswer;
import dev.thistle.protocol.tracker.AnnounceEvent;
import dev.thistle.protocol.tracker.RetryIn;
import org.jspecify.annotations.Nullable;

/// One tracker being told one thing: by each address family and in each swarm of the torrent, which
/// are calls of their own. It counts when one of them is answered and has failed when all have.
/// Owned by the announcer's thread.
final class Asking {

    final Tracker tracker;
    final AnnounceEvent event;

    private int outstanding;
    private int acceptances;
    private AnnounceAnswer.@Nullable Refused refusal;
    private @Nullable String failure;
    private @Nullable String noAddress;

    Asking(Tracker tracker, AnnounceEvent event, int calls) {
        this.tracker = tracker;
        this.event = event;
        outstanding = calls;
    }

    /// A call ended.
    ///
    /// @param result of it
    void heard(Result result) {
        outstanding--;
        switch (result) {
            case Result.Answered(AnnounceAnswer.Accepted _) -> acceptances++;
            case Result.Answered(AnnounceAnswer.Refused said) -> refusal = said;
            case Result.Failed(String reason) -> failure = reason;
            case Result.NoAddress(String reason) -> noAddress = reason;
        }
    }

    /// How a call ended.
    sealed interface Result {
        record Answered(AnnounceAnswer answer) implements Result {}

        record Failed(String reason) implements Result {}

        /// The tracker has no address of the family: that counts only if all calls say so.
        record NoAddress(String reason) implements Result {}
    }

    /// Whether exactly one call has been answered so far.
    boolean isFirstAnswer() {
        return acceptances == 1;
    }

    boolean isOpen() {
        return outstanding > 0;
    }

    boolean hasFailed() {
        return outstanding == 0 && acceptances == 0;
    }

    /// Why it failed, for people. A tracker that spoke says more than one that did not.
    String reason() {
        if (refusal != null) {
            return refusal.reason();
        }
        return failure != null ? failure : String.valueOf(noAddress);
    }

    RetryIn retryIn() {
        return refusal != null ? refusal.retryIn() : new RetryIn.Unsaid();
    }
}
