package dev.thistle.engine.discovery;

import dev.thistle.engine.discovery.AnnounceOrder.Tracker;
import dev.thistle.protocol.tracker.AnnounceAnswer;
import dev.thistle.protocol.tracker.AnnounceEvent;
import dev.thistle.protocol.tracker.AnnounceForm;
import dev.thistle.protocol.tracker.RetryIn;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// One tracker being told one thing: by each address family and in each swarm of the torrent, which
/// are calls of their own. It counts when one of them is answered and has failed when all have.
/// Owned by the announcer's thread.
final class Asking {

    /// What trackers say of a torrent that they do not know: most of them, and opentracker.
    private static final List<String> UNREGISTERED =
            List.of("unregistered", "not registered", "not authorized for use with this tracker");

    /// Nobody registers a torrent while we knock, so such a tracker is asked as seldom as one that
    /// serves us. Transmission does not ask it again at all.
    private static final Duration UNREGISTERED_RETRY = AnnounceAnswer.INTERVAL;

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

    /// When to ask again, if the tracker said that or why not now.
    RetryIn retryIn() {
        if (refusal == null) {
            return new RetryIn.Unsaid();
        }
        boolean isUnsaid = refusal.retryIn() instanceof RetryIn.Unsaid;
        return isUnsaid && isUnregistered(refusal.reason())
                ? new RetryIn.After(UNREGISTERED_RETRY)
                : refusal.retryIn();
    }

    /// An obfuscated name is unknown until somebody announces the torrent, which may be soon.
    private boolean isUnregistered(String reason) {
        String said = reason.toLowerCase(Locale.ROOT);
        return tracker.form() == AnnounceForm.CLEAR
                && UNREGISTERED.stream().anyMatch(said::contains);
    }
}
