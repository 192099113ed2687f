package dev.thistle.engine.torrent;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Events that wait for a torrent's thread. Any thread puts them in; that thread alone takes them
/// out.
final class Mailbox {

    /// A reader that finds so many waiting waits as well, and with it the peer.
    private static final int MAX_WAITING = 1024;

    private final ArrayBlockingQueue<TorrentEvent> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
    private volatile boolean isClosed;

    /// Waits for room, but not for a loop that is over: then the event is [abandoned][#abandon].
    void put(TorrentEvent event) {
        try {
            while (!isClosed && !waiting.offer(event, 1, TimeUnit.SECONDS)) {
                // the loop is busy: wait, and with us whoever speaks to us
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            abandon(event);
            return;
        }
        if (isClosed) {
            abandon(event);
        }
    }

    /// Wakes the loop if it has nothing to do; one that is busy looks at the clock by itself.
    void wake() {
        if (waiting.isEmpty()) {
            var _ = waiting.offer(new TorrentEvent.TimePassed());
        }
    }

    TorrentEvent take() throws InterruptedException {
        return waiting.take();
    }

    /// Waits so long; null when nothing came in time.
    @Nullable TorrentEvent poll(long nanos) throws InterruptedException {
        return waiting.poll(nanos, TimeUnit.NANOSECONDS);
    }

    /// The loop is over: nobody needs to wait for it, and what waits is abandoned.
    void close() {
        isClosed = true;
        for (TorrentEvent late = waiting.poll(); late != null; late = waiting.poll()) {
            abandon(late);
        }
    }

    /// Gives back what came with an event that nobody will handle.
    static void abandon(TorrentEvent event) {
        switch (event) {
            case TorrentEvent.Accepted(var greeted) -> greeted.link().close();
            case TorrentEvent.Reached(_, _, var greeted) -> greeted.link().close();
            case TorrentEvent.CallFailed _,
                    TorrentEvent.FromPeer _,
                    TorrentEvent.FromWebSeed _,
                    TorrentEvent.Announced _,
                    TorrentEvent.LateChecked _,
                    TorrentEvent.PeersNamed _,
                    TorrentEvent.Selected _,
                    TorrentEvent.Awaited _,
                    TorrentEvent.GivenUp _,
                    TorrentEvent.RetryAsked _,
                    TorrentEvent.TimePassed _,
                    TorrentEvent.StopAsked _ -> {}
        }
    }
}
