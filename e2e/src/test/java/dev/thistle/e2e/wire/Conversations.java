package dev.thistle.e2e.wire;

import dev.thistle.e2e.wire.Conversation.Said;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Sorts TCP segments into connections. One thread adds while others ask; thread-safe.
///
/// Only connections whose beginning was seen count. A SYN with a new sequence number between the
/// same two ends is a new connection.
public final class Conversations {

    private final Map<Ends, Both> open = new LinkedHashMap<>();
    private int reused;

    /// @param generation 0 for the newest connection between the two, a number of its own for
    ///   others
    private record Ends(InetSocketAddress caller, InetSocketAddress called, int generation) {}

    private static final class Both {
        private final int initialSequence;
        private final ByteStream sent;
        private @Nullable ByteStream answered;

        private Both(int initialSequence) {
            this.initialSequence = initialSequence;
            sent = new ByteStream(initialSequence);
        }
    }

    public synchronized void add(Packet packet) {
        var forth = new Ends(packet.from(), packet.to(), 0);
        var back = new Ends(packet.to(), packet.from(), 0);
        Both caller = open.get(forth);
        Both called = open.get(back);
        if (packet.syn() && !packet.ack()) {
            begin(forth, packet.sequence());
        } else if (caller != null) {
            caller.sent.add(packet.sequence(), packet.payload());
        } else if (called != null && packet.syn() && called.answered == null) {
            called.answered = new ByteStream(packet.sequence());
        } else if (called != null && called.answered != null) {
            called.answered.add(packet.sequence(), packet.payload());
        }
        notifyAll();
    }

    private void begin(Ends ends, int sequence) {
        Both earlier = open.get(ends);
        if (earlier != null && earlier.initialSequence == sequence) {
            return; // a repeated SYN
        }
        if (earlier != null) {
            open.put(new Ends(ends.caller(), ends.called(), ++reused), earlier);
        }
        open.put(ends, new Both(sequence));
    }

    /// All so far, in the order of their beginning.
    public synchronized List<Conversation> all() {
        return open.entrySet().stream()
                .map(entry ->
                        new Conversation(
                                entry.getKey().caller(),
                                entry.getKey().called(),
                                new Said(entry.getValue().sent.bytes()),
                                said(entry.getValue().answered)))
                .toList();
    }

    /// Waits until one is as wished.
    ///
    /// @return false when patience ran out
    public synchronized boolean await(Predicate<Conversation> wished, Duration patience)
            throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (all().stream().noneMatch(wished)) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }

    private static Said said(@Nullable ByteStream stream) {
        return new Said(stream == null ? new byte[0] : stream.bytes());
    }
}
