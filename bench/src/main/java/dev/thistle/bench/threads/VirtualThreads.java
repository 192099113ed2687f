package dev.thistle.bench.threads;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// Two virtual threads a connection, one that reads and one that writes, with blocking calls and a
/// buffer each.
record VirtualThreads() implements Way {

    /// The two threads of one end.
    private static final class Pair {
        private final SocketChannel channel;
        private final End end;
        private final Thread reader;
        private final Thread writer;
        private volatile boolean over;

        Pair(Line line) {
            channel = line.channel();
            end = line.end();
            reader = Thread.ofVirtual().unstarted(this::read);
            writer = Thread.ofVirtual().unstarted(this::write);
        }

        private void read() {
            ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
            try (channel) {
                while (!end.isDone() && channel.read(buffer.clear()) >= 0) {
                    end.received(buffer.flip());
                    if (end.hasMore()) {
                        LockSupport.unpark(writer);
                    }
                }
            } catch (IOException reset) {
                throw new IllegalStateException("loopback broke", reset);
            } finally {
                over = true;
                LockSupport.unpark(writer);
            }
        }

        private void write() {
            ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
            try {
                while (!over) {
                    if (!end.hasMore()) {
                        LockSupport.park(this);
                        continue;
                    }
                    end.fill(buffer.clear());
                    buffer.flip();
                    while (buffer.hasRemaining()) {
                        channel.write(buffer);
                    }
                }
            } catch (IOException broken) {
                if (!over) {
                    throw new IllegalStateException("loopback broke", broken);
                }
            }
        }
    }

    @Override
    public void carry(List<Line> lines) throws InterruptedException {
        List<Pair> pairs = new ArrayList<>();
        for (Line line : lines) {
            var pair = new Pair(line);
            pairs.add(pair);
            pair.writer.start();
            pair.reader.start();
        }
        for (Pair pair : pairs) {
            pair.reader.join();
            pair.writer.join();
        }
    }
}
