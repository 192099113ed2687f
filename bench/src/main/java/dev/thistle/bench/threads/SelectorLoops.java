package dev.thistle.bench.threads;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// A platform thread for each core, with a selector and its share of the connections. A loop reads
/// and writes through two buffers of its own; a connection has one only while the socket is full.
///
/// @param loops how many
record SelectorLoops(int loops) implements Way {

    /// What a connection has not yet been rid of.
    private static final class Unsent {
        private final End end;
        private ByteBuffer bytes = ByteBuffer.allocate(0);

        Unsent(End end) {
            this.end = end;
        }
    }

    private static final class Loop {
        private final Selector selector;
        private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER_BYTES);
        private ByteBuffer out = ByteBuffer.allocateDirect(BUFFER_BYTES);
        private final ArrayDeque<ByteBuffer> idle = new ArrayDeque<>();

        Loop() throws IOException {
            selector = Selector.open();
        }

        void add(Line line) throws IOException {
            line.channel().configureBlocking(false);
            line.channel()
                    .register(
                            selector,
                            SelectionKey.OP_READ | SelectionKey.OP_WRITE,
                            new Unsent(line.end()));
        }

        void run() {
            try (selector) {
                while (!selector.keys().isEmpty()) {
                    selector.select(this::serve);
                    selector.selectNow(); // takes closed ones out
                }
            } catch (IOException broken) {
                throw new IllegalStateException("loopback broke", broken);
            }
        }

        private void serve(SelectionKey key) {
            try {
                var channel = (SocketChannel) key.channel();
                var unsent = (Unsent) key.attachment();
                if (key.isReadable() && !read(channel, unsent.end)) {
                    channel.close();
                    return;
                }
                write(key, channel, unsent);
            } catch (IOException broken) {
                throw new IllegalStateException("loopback broke", broken);
            }
        }

        /// @return whether more may come
        private boolean read(SocketChannel channel, End end) throws IOException {
            if (channel.read(in.clear()) < 0) {
                return false;
            }
            end.received(in.flip());
            return !end.isDone();
        }

        private void write(SelectionKey key, SocketChannel channel, Unsent unsent)
                throws IOException {
            if (unsent.bytes.hasRemaining()) {
                channel.write(unsent.bytes);
                if (unsent.bytes.hasRemaining()) {
                    return;
                }
                idle.push(unsent.bytes);
                unsent.bytes = ByteBuffer.allocate(0);
            }
            while (unsent.end.hasMore()) {
                unsent.end.fill(out.clear());
                channel.write(out.flip());
                if (out.hasRemaining()) {
                    unsent.bytes = out;
                    out = idle.isEmpty() ? ByteBuffer.allocateDirect(BUFFER_BYTES) : idle.pop();
                    key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
                    return;
                }
            }
            key.interestOps(SelectionKey.OP_READ);
        }
    }

    @Override
    public void carry(List<Line> lines) throws IOException {
        List<Loop> shards = new ArrayList<>();
        for (int n = 0; n < loops; n++) {
            shards.add(new Loop());
        }
        for (int n = 0; n < lines.size(); n++) {
            shards.get(n / 2 % loops).add(lines.get(n)); // the two ends of one on one
        }
        var running =
                shards.stream()
                        .map(loop -> {
                            var done = new CompletableFuture<Void>();
                            Thread.ofPlatform()
                                    .daemon()
                                    .start(() -> {
                                        try {
                                            loop.run();
                                            done.complete(null);
                                        } catch (RuntimeException failed) {
                                            done.completeExceptionally(failed);
                                        }
                                    });
                            return done;
                        })
                        .toList();
        try {
            running.forEach(CompletableFuture::join);
        } catch (CompletionException failed) {
            throw new IOException(failed.getCause());
        }
    }
}
