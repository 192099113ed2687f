package dev.thistle.engine.discovery;

import dev.thistle.engine.discovery.AnnounceOrder.Tracker;
import dev.thistle.protocol.tracker.AnnounceAnswer;
import dev.thistle.protocol.tracker.AnnounceEvent;
import dev.thistle.protocol.tracker.AnnounceRequest;
import dev.thistle.protocol.tracker.RetryIn;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Tells trackers about us and the torrent about peers: one virtual thread per torrent that follows
/// the [AnnounceOrder].
///
/// A tracker hears `started` first, then at its own interval, `completed` when the last piece came
/// (or, if it did not answer then, the next time it does), and `stopped` at the end if it had heard
/// of us at all (BEP 3).
public final class Announcer {

    /// Total time for one announce: libtorrent's.
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /// What the goodbyes may take, all at the same time: a tracker that is there answers sooner,
    /// and somebody waits for the program to end.
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(2);

    /// Whatever a tracker says, announces are at least this far apart.
    private static final Duration LEAST_INTERVAL = Duration.ofSeconds(15);

    /// Says what is true of the torrent now. Called on the announcer's thread.
    public interface Progress {
        /// What to tell the tracker.
        ///
        /// @param trackerId what the tracker gave us to repeat, if it did
        AnnounceRequest request(AnnounceEvent event, @Nullable String trackerId);
    }

    private static final Logger LOG = System.getLogger(Announcer.class.getName());

    /// That the last piece has come.
    private enum Wish {
        COMPLETED
    }

    private final HttpTracker http;
    private final AnnounceOrder order;
    private final Progress progress;
    private final Consumer<AnnounceOutcome> torrent;
    private final LongSupplier clock;
    private final LinkedBlockingQueue<Wish> wishes = new LinkedBlockingQueue<>();

    /// Those that have heard of us.
    private final Set<Tracker> greeted = new LinkedHashSet<>();

    /// Those of [#greeted] to whom `completed` is still to be said.
    private final Set<Tracker> oweCompleted = new HashSet<>();

    private final Map<Tracker, String> trackerIds = new HashMap<>();
    private final Thread thread = Thread.ofVirtual().name("announcer").unstarted(this::run);

    /// An announcer that is not yet started.
    ///
    /// @param torrent takes the outcomes; may block
    /// @param clock monotonic nanoseconds
    public Announcer(
            HttpTracker http,
            AnnounceOrder order,
            Progress progress,
            Consumer<AnnounceOutcome> torrent,
            LongSupplier clock) {
        this.http = http;
        this.order = order;
        this.progress = progress;
        this.torrent = torrent;
        this.clock = clock;
    }

    public void start() {
        thread.start();
    }

    /// The last piece has come.
    public void completed() {
        wishes.add(Wish.COMPLETED);
    }

    /// Breaks off what is under way, says goodbye and ends, if it was started. Takes 2.5 s at most.
    public void stop() throws InterruptedException {
        if (thread.getState() == Thread.State.NEW) {
            return;
        }
        thread.interrupt();
        thread.join(STOP_PATIENCE.plusMillis(500));
        thread.interrupt();
    }

    /// Until [#stop] interrupts, and then goodbye.
    private void run() {
        try {
            follow();
        } catch (InterruptedException stopAsked) {
            sayGoodbye();
        }
    }

    private void follow() throws InterruptedException {
        while (true) {
            long waitNanos = round();
            if (wishes.poll(waitNanos, TimeUnit.NANOSECONDS) == Wish.COMPLETED) {
                oweCompleted.addAll(greeted);
            }
        }
    }

    /// Asks trackers until one answers.
    ///
    /// @return how long to wait until the next round
    private long round() throws InterruptedException {
        for (Tracker tracker : order.round(clock.getAsLong())) {
            Optional<AnnounceAnswer.Accepted> answer = announce(tracker, eventFor(tracker));
            if (answer.isPresent()) {
                Duration interval = answer.get().interval();
                Duration least = answer.get().minInterval().orElse(Duration.ZERO);
                return longest(List.of(interval, least, LEAST_INTERVAL)).toNanos();
            }
        }
        long now = clock.getAsLong();
        return order.nextRetryNanos(now)
                .map(retry -> Math.max(retry - now, TimeUnit.SECONDS.toNanos(1)))
                .orElse(TimeUnit.DAYS.toNanos(1));
    }

    private AnnounceEvent eventFor(Tracker tracker) {
        if (!greeted.contains(tracker)) {
            return AnnounceEvent.STARTED;
        }
        return oweCompleted.contains(tracker) ? AnnounceEvent.COMPLETED : AnnounceEvent.NONE;
    }

    private static Duration longest(List<Duration> durations) {
        return durations.stream().max(Duration::compareTo).orElseThrow();
    }

    private Optional<AnnounceAnswer.Accepted> announce(Tracker tracker, AnnounceEvent event)
            throws InterruptedException {
        try {
            AnnounceAnswer answer = send(tracker, event);
            return switch (answer) {
                case AnnounceAnswer.Accepted accepted -> {
                    order.answered(tracker);
                    greeted.add(tracker);
                    oweCompleted.remove(tracker);
                    accepted.trackerId().ifPresent(id -> trackerIds.put(tracker, id));
                    torrent.accept(new AnnounceOutcome.Answered(tracker, accepted));
                    yield Optional.of(accepted);
                }
                case AnnounceAnswer.Refused(String reason, RetryIn retryIn) -> {
                    refused(tracker, retryIn);
                    torrent.accept(new AnnounceOutcome.Failed(tracker, reason));
                    yield Optional.empty();
                }
            };
        } catch (IOException failed) {
            order.failed(tracker, clock.getAsLong());
            torrent.accept(new AnnounceOutcome.Failed(tracker, describe(failed)));
            return Optional.empty();
        }
    }

    private void refused(Tracker tracker, RetryIn retryIn) {
        long now = clock.getAsLong();
        switch (retryIn) {
            case RetryIn.Unsaid() -> order.failed(tracker, now);
            case RetryIn.After(Duration delay) -> order.failed(tracker, now, delay.toSeconds());
            case RetryIn.Never() -> order.gone(tracker);
        }
    }

    private static String describe(IOException failed) {
        String message = failed.getMessage();
        return message == null ? "not reachable" : message;
    }

    private AnnounceAnswer send(Tracker tracker, AnnounceEvent event)
            throws IOException, InterruptedException {
        AnnounceRequest request = progress.request(event, trackerIds.get(tracker));
        try {
            return http.announce(tracker.url(), request, tracker.form(), PATIENCE);
        } catch (InterruptedException stopAsked) {
            greeted.add(tracker); // it may have heard this
            throw stopAsked;
        }
    }

    /// To all at once, so that one that is silent costs the others nothing.
    private void sayGoodbye() {
        List<Thread> goodbyes = new ArrayList<>();
        for (Tracker tracker : greeted) {
            AnnounceRequest request =
                    progress.request(AnnounceEvent.STOPPED, trackerIds.get(tracker));
            goodbyes.add(
                    Thread.ofVirtual().name("goodbye").start(() -> sayGoodbye(tracker, request)));
        }
        try {
            for (Thread goodbye : goodbyes) {
                goodbye.join();
            }
        } catch (InterruptedException tooLate) {
            Thread.currentThread().interrupt();
        }
    }

    private void sayGoodbye(Tracker tracker, AnnounceRequest request) {
        try {
            var _ = http.announce(tracker.url(), request, tracker.form(), STOP_PATIENCE);
        } catch (IOException unheard) {
            LOG.log(Level.DEBUG, "a tracker did not answer goodbye: {0}", describe(unheard));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
