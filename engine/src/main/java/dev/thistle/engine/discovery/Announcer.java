package dev.thistle.engine.discovery;

import dev.thistle.engine.discovery.AddressRule.Family;
import dev.thistle.engine.discovery.AddressRule.NoSuchAddressException;
import dev.thistle.engine.discovery.AnnounceOrder.Tracker;
import dev.thistle.engine.discovery.Asking.Result;
import dev.thistle.engine.settings.LocalTargets;
import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.tracker.AnnounceAnswer;
import dev.thistle.protocol.tracker.AnnounceEvent;
import dev.thistle.protocol.tracker.AnnounceForm;
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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Tells trackers about us and the torrent about peers: one virtual thread per torrent that plays
/// one [AnnounceRound] after the other, with a thread of its own for each call, so that whoever
/// hangs holds nobody up.
///
/// A tracker hears `started` first, then at its own interval, `completed` when the last piece came
/// (or, if it did not answer then, the next time it does), and `stopped` at the end if it had heard
/// of us at all (BEP 3). All of that by each address family that peers may call us by (BEP 7), and
/// in each swarm of a torrent that has several.
public final class Announcer {

    /// Total time for one announce: libtorrent's.
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /// What the goodbyes may take, all at the same time: a tracker that is there answers sooner,
    /// and somebody waits for the program to end.
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(2);

    /// Whatever a tracker says, announces by its interval are at least this far apart. A minute is
    /// usual; only a tracker that asks for less, and so means it, is asked as often as this.
    private static final Duration LEAST_INTERVAL = Duration.ofSeconds(15);

    /// No sooner than this after an answer are more peers asked for, if the tracker gave no least
    /// interval: libtorrent's `min_announce_interval`.
    private static final Duration EARLY_UNSAID = Duration.ofMinutes(5);

    /// No sooner than this whatever it gave.
    private static final Duration EARLY_LEAST = Duration.ofMinutes(1);

    /// Up to this part is added to every wait, so that torrents that were started together do not
    /// announce together for ever.
    private static final double JITTER = 0.1;

    /// Says what is true of the torrent now. Called on the announcer's thread.
    public interface Progress {
        /// What to tell the tracker.
        ///
        /// @param swarm under which name
        /// @param trackerId what the tracker gave us to repeat, if it did
        AnnounceRequest request(InfoHash swarm, AnnounceEvent event, @Nullable String trackerId);
    }

    /// How a torrent is announced.
    ///
    /// @param swarms its names, as far as they are known; a hybrid torrent has two
    /// @param families by which peers may call us
    /// @param oneAtATime whether from the start a second tracker may be asked only once the first
    ///   has failed, as a private torrent's (BEP 27)
    public record Manner(
            List<InfoHash> swarms, List<Family> families, LocalTargets local, boolean oneAtATime) {
        public Manner {
            swarms = List.copyOf(swarms);
            families = List.copyOf(families);
        }
    }

    private static final Logger LOG = System.getLogger(Announcer.class.getName());

    /// What the announcer's thread is told.
    private sealed interface Note {
        /// The last piece has come.
        record Completed() implements Note {}

        /// There are too few peers.
        record PeersWanted() implements Note {}

        /// The torrent turned out to be private.
        record OneAtATime() implements Note {}

        /// The torrent has these names.
        record Named(List<InfoHash> swarms) implements Note {}

        /// A tracker was told of us under a name that it did not know.
        record Introduced(Tracker tracker, InfoHash swarm, Result result) implements Note {}

        record CallEnded(Asking asking, InfoHash swarm, Result result) implements Note {}
    }

    private final TrackerCalls calls;
    private final AnnounceOrder order;
    private final Manner manner;
    private final Progress progress;
    private final Consumer<AnnounceOutcome> torrent;
    private final RandomGenerator random;
    private final LongSupplier clock;
    private final LinkedBlockingQueue<Note> notes = new LinkedBlockingQueue<>();
    private final AtomicBoolean peersWanted = new AtomicBoolean();
    private final Set<Thread> callers = ConcurrentHashMap.newKeySet();

    /// Those that have heard of us, or may have.
    private final Set<Tracker> greeted = new LinkedHashSet<>();

    /// Those of [#greeted] to whom `completed` is still to be said.
    private final Set<Tracker> oweCompleted = new HashSet<>();

    private final Map<Tracker, String> trackerIds = new HashMap<>();
    private final Set<Asking> open = new LinkedHashSet<>();
    private final Thread thread = Thread.ofVirtual().name("announcer").unstarted(this::run);

    private List<InfoHash> swarms;
    private boolean oneAtATime;
    private AnnounceRound round;
    private boolean inRound;
    private boolean completedPending;
    private long nextRoundNanos;
    private long earliestNanos;

    /// An announcer that is not yet started.
    ///
    /// @param torrent takes the outcomes; may block
    /// @param random for the jitter of waits
    /// @param clock monotonic nanoseconds
    public Announcer(
            TrackerCalls calls,
            AnnounceOrder order,
            Manner manner,
            Progress progress,
            Consumer<AnnounceOutcome> torrent,
            RandomGenerator random,
            LongSupplier clock) {
        this.calls = calls;
        this.order = order;
        this.manner = manner;
        this.progress = progress;
        this.torrent = torrent;
        this.random = random;
        this.clock = clock;
        swarms = manner.swarms();
        oneAtATime = manner.oneAtATime();
        round = new AnnounceRound(List.of(), oneAtATime);
    }

    public void start() {
        thread.start();
    }

    /// The last piece has come.
    public void completed() {
        notes.add(new Note.Completed());
    }

    /// No tracker is asked any more while another may answer: after a magnet link it is found out
    /// late that a torrent is private (BEP 27).
    public void oneAtATime() {
        notes.add(new Note.OneAtATime());
    }

    /// It is known by all these names from now on: a magnet link may have told only one of a
    /// hybrid's two. Who has heard of the others hears of what is new at once.
    public void alsoIn(List<InfoHash> swarms) {
        notes.add(new Note.Named(List.copyOf(swarms)));
    }

    /// There are too few peers: asks for more as soon as trackers allow.
    public void wantPeers() {
        if (peersWanted.compareAndSet(false, true)) {
            notes.add(new Note.PeersWanted());
        }
    }

    /// Breaks off what is under way, says goodbye and ends, if it was started. Takes 2.5 s at most.
    public void stop() throws InterruptedException {
        if (thread.getState() == Thread.State.NEW) {
            return;
        }
        thread.interrupt();
        thread.join(STOP_PATIENCE.plusMillis(500));
        thread.interrupt();
        callers.forEach(Thread::interrupt);
    }

    /// Until [#stop] interrupts, and then goodbye.
    private void run() {
        nextRoundNanos = clock.getAsLong();
        earliestNanos = nextRoundNanos;
        try {
            while (true) {
                long wakeAt = step(clock.getAsLong());
                long wait = Math.max(wakeAt - clock.getAsLong(), 0);
                Note note = notes.poll(wait, TimeUnit.NANOSECONDS);
                if (note != null) {
                    take(note);
                }
            }
        } catch (InterruptedException stopAsked) {
            callers.forEach(Thread::interrupt);
            open.forEach(asking -> greeted.add(asking.tracker)); // they may have heard
            sayGoodbye();
        }
    }

    /// Does what is due.
    ///
    /// @return when to look again
    private long step(long now) throws InterruptedException {
        if (!inRound) {
            if (nextRoundNanos - now > 0 && !completedPending) {
                return nextRoundNanos;
            }
            completedPending = false;
            round = new AnnounceRound(order.round(now), oneAtATime);
            inRound = true;
            peersWanted.set(false);
        }
        for (Tracker tracker = round.next(now); tracker != null; tracker = round.next(now)) {
            ask(tracker, now);
        }
        if (round.isOver()) {
            inRound = false;
            if (!round.isAnswered()) {
                nextRoundNanos = retryAt(now);
                earliestNanos = nextRoundNanos;
            }
            return completedPending ? now : nextRoundNanos;
        }
        return round.wakeAt(now);
    }

    private long retryAt(long now) {
        return order.nextRetryNanos(now)
                .map(retry -> now + jittered(Math.max(retry - now, TimeUnit.SECONDS.toNanos(1))))
                .orElse(now + TimeUnit.DAYS.toNanos(1));
    }

    private long jittered(long nanos) {
        return nanos + (long) (nanos * JITTER * random.nextDouble());
    }

    private void take(Note note) {
        switch (note) {
            case Note.Completed() -> {
                oweCompleted.addAll(greeted);
                open.forEach(asking -> oweCompleted.add(asking.tracker));
                completedPending = true;
            }
            case Note.PeersWanted() -> {
                if (nextRoundNanos - earliestNanos > 0) {
                    nextRoundNanos = earliestNanos;
                }
            }
            case Note.OneAtATime() -> {
                oneAtATime = true;
                round.oneAtATime();
            }
            case Note.Named(List<InfoHash> names) -> {
                List<InfoHash> added = new ArrayList<>(names);
                added.removeAll(swarms);
                swarms = names;
                var told = new LinkedHashSet<>(greeted);
                open.forEach(asking -> told.add(asking.tracker));
                told.forEach(tracker -> added.forEach(swarm -> introduce(tracker, swarm)));
            }
            case Note.Introduced(Tracker tracker, InfoHash swarm, Result result) -> {
                if (result instanceof Result.Answered(AnnounceAnswer.Accepted answer)) {
                    torrent.accept(new AnnounceOutcome.Answered(tracker, swarm, answer));
                }
            }
            case Note.CallEnded(Asking asking, InfoHash swarm, Result result) ->
                    heard(asking, swarm, result, clock.getAsLong());
        }
    }

    private AnnounceEvent eventFor(Tracker tracker) {
        if (!greeted.contains(tracker)) {
            return AnnounceEvent.STARTED;
        }
        return oweCompleted.contains(tracker) ? AnnounceEvent.COMPLETED : AnnounceEvent.NONE;
    }

    private void ask(Tracker tracker, long now) {
        int count = swarms.size() * manner.families().size();
        var asking = new Asking(tracker, eventFor(tracker), count);
        round.asked(asking, now);
        open.add(asking);
        for (InfoHash swarm : swarms) {
            AnnounceRequest request =
                    progress.request(swarm, asking.event, trackerIds.get(tracker));
            for (Family family : manner.families()) {
                call(() -> {
                    Result result = announce(tracker, request, family, PATIENCE);
                    notes.add(new Note.CallEnded(asking, swarm, result));
                });
            }
        }
    }

    /// Outside of the rounds: whatever becomes of it, the next round asks in this swarm too.
    private void introduce(Tracker tracker, InfoHash swarm) {
        AnnounceRequest request =
                progress.request(swarm, AnnounceEvent.STARTED, trackerIds.get(tracker));
        for (Family family : manner.families()) {
            call(() -> {
                Result result = announce(tracker, request, family, PATIENCE);
                notes.add(new Note.Introduced(tracker, swarm, result));
            });
        }
    }

    private void call(Runnable work) {
        Thread caller =
                Thread.ofVirtual()
                        .name("announce")
                        .unstarted(() -> {
                            try {
                                work.run();
                            } finally {
                                callers.remove(Thread.currentThread());
                            }
                        });
        callers.add(caller);
        caller.start();
    }

    private Result announce(
            Tracker tracker, AnnounceRequest request, Family family, Duration patience) {
        try {
            var rule = new AddressRule(family, manner.local());
            return new Result.Answered(calls.announce(tracker, request, rule, patience));
        } catch (NoSuchAddressException none) {
            return new Result.NoAddress(describe(none));
        } catch (IOException failed) {
            return new Result.Failed(describe(failed));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return new Result.Failed("stopped");
        } catch (RuntimeException bug) {
            LOG.log(Level.ERROR, "an announce was dropped: {0}", bug.toString());
            return new Result.Failed("internal error");
        }
    }

    private static String describe(IOException failed) {
        String message = failed.getMessage();
        return message == null ? "not reachable" : message;
    }

    private void heard(Asking asking, InfoHash swarm, Result result, long now) {
        asking.heard(result);
        Tracker tracker = asking.tracker;
        if (!asking.isOpen()) {
            open.remove(asking);
        }
        if (result instanceof Result.Answered(AnnounceAnswer.Accepted answer)) {
            order.answered(tracker);
            greeted.add(tracker);
            if (asking.event == AnnounceEvent.COMPLETED) {
                oweCompleted.remove(tracker);
            }
            answer.trackerId().ifPresent(id -> trackerIds.put(tracker, id));
            waitAfter(asking, answer, now);
            torrent.accept(new AnnounceOutcome.Answered(tracker, swarm, answer));
            if (asking.isFirstAnswer()) {
                countIfUnsaid(tracker, swarm, answer);
            }
        } else if (asking.hasFailed()) {
            switch (asking.retryIn()) {
                case RetryIn.Unsaid() -> order.failed(tracker, now);
                case RetryIn.After(Duration delay) -> order.failed(tracker, now, delay.toSeconds());
                case RetryIn.Never() -> order.gone(tracker);
            }
            torrent.accept(new AnnounceOutcome.Failed(tracker, asking.reason()));
        }
    }

    /// The longest wait that anybody who answered in this round asks for.
    private void waitAfter(Asking asking, AnnounceAnswer.Accepted answer, long now) {
        if (!round.answered(asking)) {
            return; // it came too late for its round
        }
        Duration least = answer.minInterval().orElse(Duration.ZERO);
        long wait = longest(List.of(answer.interval(), least, LEAST_INTERVAL)).toNanos();
        Duration early = answer.minInterval().orElse(EARLY_UNSAID);
        long next = now + jittered(wait);
        nextRoundNanos = nextRoundNanos - next > 0 ? nextRoundNanos : next;
        earliestNanos = now + longest(List.of(early, EARLY_LEAST)).toNanos();
    }

    private static Duration longest(List<Duration> durations) {
        return durations.stream().max(Duration::compareTo).orElseThrow();
    }

    /// Trackers that keep quiet about the size of the swarm are asked (BEP 48), but not where that
    /// would name a hidden torrent.
    private void countIfUnsaid(Tracker tracker, InfoHash swarm, AnnounceAnswer.Accepted answer) {
        boolean said = answer.complete() >= 0 && answer.incomplete() >= 0;
        if (said || tracker.form() == AnnounceForm.OBFUSCATED) {
            return;
        }
        call(() -> {
            try {
                calls.scrape(tracker, swarm, manner.local(), PATIENCE)
                        .ifPresent(counts ->
                                torrent.accept(new AnnounceOutcome.Counted(tracker, counts)));
            } catch (IOException unheard) {
                LOG.log(Level.DEBUG, "a tracker did not answer a scrape: {0}", describe(unheard));
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /// To all at once, so that one that is silent costs the others nothing.
    private void sayGoodbye() {
        List<Thread> goodbyes = new ArrayList<>();
        for (Tracker tracker : greeted) {
            for (InfoHash swarm : swarms) {
                AnnounceRequest request =
                        progress.request(swarm, AnnounceEvent.STOPPED, trackerIds.get(tracker));
                for (Family family : manner.families()) {
                    goodbyes.add(
                            Thread.ofVirtual()
                                    .name("goodbye")
                                    .start(() -> sayGoodbye(tracker, request, family)));
                }
            }
        }
        try {
            for (Thread goodbye : goodbyes) {
                goodbye.join();
            }
        } catch (InterruptedException tooLate) {
            goodbyes.forEach(Thread::interrupt);
            Thread.currentThread().interrupt();
        }
    }

    private void sayGoodbye(Tracker tracker, AnnounceRequest request, Family family) {
        if (announce(tracker, request, family, STOP_PATIENCE) instanceof Result.Failed(var why)) {
            LOG.log(Level.DEBUG, "a tracker did not answer goodbye: {0}", why);
        }
    }
}
