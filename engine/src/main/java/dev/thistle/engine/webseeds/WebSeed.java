package dev.thistle.engine.webseeds;

import dev.thistle.engine.limits.Toll;
import dev.thistle.engine.pieces.PieceAssembly;
import dev.thistle.engine.pieces.PieceAssembly.Outcome;
import dev.thistle.engine.pieces.PiecePicker.Block;
import dev.thistle.engine.settings.LocalTargets;
import dev.thistle.engine.webseeds.Trouble.Remedy;
import dev.thistle.engine.webseeds.WebSeedFiles.Stretch;
import dev.thistle.net.http.HttpCaller;
import dev.thistle.protocol.metainfo.FileEntry;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.peer.PeerMessageCodec;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/// One web server that has the torrent's files: a virtual thread that fetches what the torrent
/// gives it to fetch, one batch after the other, and tells what came of each block.
///
/// Blocks that follow one another are asked for together, across the borders of pieces, with one
/// request for each file they are in. When the connection breaks after something came, the rest is
/// asked for once more at once.
public final class WebSeed {

    private static final Logger LOG = System.getLogger(WebSeed.class.getName());

    private static final long IDLE_SECONDS = 10;

    /// A block to be fetched, and where it goes.
    public record Part(Block block, PieceAssembly assembly) {}

    private final int number;
    private final Metainfo metainfo;
    private final WebSeedFiles files;
    private final RangeRequests requests;
    private final Consumer<WebSeedEvent> torrent;
    private final LinkedBlockingQueue<List<Part>> batches = new LinkedBlockingQueue<>();
    private final Thread thread;

    /// Guards the two below: an interruption in the middle of a write would close the file for
    /// everybody, and one before the torrent is told would lose a piece that is whole.
    private final Object lock = new Object();

    private boolean isHandingOver;
    private boolean isStopped;

    /// A web seed that is not yet started.
    ///
    /// @param number that the picker knows it by
    /// @param url as the torrent names it
    /// @param patience for each answer, and each part of one
    /// @param tolls what a connection to an address pays for what comes
    /// @param torrent takes the events, on the web seed's thread; may block
    public WebSeed(
            int number,
            String url,
            Metainfo metainfo,
            HttpCaller http,
            String userAgent,
            LocalTargets local,
            Duration patience,
            Function<InetAddress, Toll> tolls,
            Consumer<WebSeedEvent> torrent) {
        this.number = number;
        this.metainfo = metainfo;
        this.files = new WebSeedFiles(url, metainfo);
        this.requests = new RangeRequests(http, userAgent, local, patience, tolls);
        this.torrent = torrent;
        thread = Thread.ofVirtual().name("web-seed").unstarted(this::run);
    }

    public int number() {
        return number;
    }

    public void start() {
        thread.start();
    }

    /// Fetches a batch after those before. It ends with one event, [WebSeedEvent.Finished] or
    /// [WebSeedEvent.GaveUp].
    public void fetch(List<Part> batch) {
        batches.add(List.copyOf(batch));
    }

    /// Breaks off what is under way and ends, if it was started.
    public void stop() {
        synchronized (lock) {
            isStopped = true;
            if (!isHandingOver) {
                thread.interrupt();
            }
        }
        requests.close();
    }

    /// Waits for the end after [#stop], but not for ever.
    ///
    /// @return whether it has ended
    public boolean join(Duration patience) throws InterruptedException {
        return thread.getState() == Thread.State.NEW || thread.join(patience);
    }

    private void run() {
        try {
            while (true) {
                List<Part> batch = batches.poll(IDLE_SECONDS, TimeUnit.SECONDS);
                if (batch == null) {
                    requests.close(); // nobody keeps a line for nothing
                    batch = batches.take();
                }
                work(batch);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } finally {
            requests.close();
        }
    }

    private void work(List<Part> batch) throws InterruptedException {
        try {
            for (List<Part> run : runs(batch)) {
                fetchRun(run);
            }
            torrent.accept(new WebSeedEvent.Finished(number));
        } catch (StoreException failed) {
            torrent.accept(
                    new WebSeedEvent.StoreFailed(number, String.valueOf(failed.getMessage())));
        } catch (Trouble trouble) {
            gaveUp(trouble, trouble.remedy());
        } catch (IOException failed) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            gaveUp(failed, new Remedy.Usual());
        } catch (RuntimeException bug) {
            LOG.log(Level.ERROR, "a web seed was dropped: {0}", bug.toString());
            gaveUp(new IOException("internal error: " + bug), new Remedy.Never());
        }
    }

    private void gaveUp(IOException failed, Remedy remedy) {
        requests.close();
        String message = failed.getMessage();
        torrent.accept(
                new WebSeedEvent.GaveUp(
                        number,
                        message == null ? "it broke off" : message,
                        remedy instanceof Remedy.Later(Duration delay)
                                ? Optional.of(delay)
                                : Optional.empty(),
                        remedy instanceof Remedy.WithoutFile(FileEntry file)
                                ? Optional.of(file)
                                : Optional.empty(),
                        remedy instanceof Remedy.Never));
    }

    /// Blocks that follow one another, in the order of their positions.
    private List<List<Part>> runs(List<Part> batch) {
        List<Part> sorted =
                batch.stream().sorted(Comparator.comparingLong(this::position)).toList();
        var runs = new ArrayList<List<Part>>();
        long end = -1;
        for (Part part : sorted) {
            if (position(part) != end) {
                runs.add(new ArrayList<>());
            }
            runs.getLast().add(part);
            end = position(part) + part.block.lengthBytes();
        }
        return runs;
    }

    private long position(Part part) {
        return (long) part.block.piece() * metainfo.pieceLengthBytes() + part.block.begin();
    }

    private void fetchRun(List<Part> run) throws IOException, InterruptedException {
        var sink = new Blocks(run);
        try {
            fetchRest(sink);
        } catch (Trouble | StoreException settled) {
            throw settled;
        } catch (IOException brokeOff) {
            if (sink.delivered == 0 || Thread.currentThread().isInterrupted()) {
                throw brokeOff;
            }
            requests.close();
            fetchRest(new Blocks(run.subList(sink.delivered, run.size())));
        }
    }

    private void fetchRest(Blocks sink) throws IOException, InterruptedException {
        long position = position(sink.parts.getFirst());
        Part last = sink.parts.getLast();
        int length = (int) (position(last) + last.block.lengthBytes() - position);
        for (Stretch stretch : files.stretches(position, length)) {
            if (stretch.file().isEmpty()) {
                sink.zeros(stretch.lengthBytes());
            } else {
                FileEntry file = stretch.file().get();
                requests.fetch(files.uri(file), file, stretch.from(), stretch.lengthBytes(), sink);
            }
        }
    }

    private void beginHandingOver() throws IOException {
        synchronized (lock) {
            if (isStopped) {
                throw new IOException("was stopped");
            }
            isHandingOver = true;
        }
    }

    private void endHandingOver() {
        synchronized (lock) {
            isHandingOver = false;
            if (isStopped) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// The torrent's own data could not be written: no fault of the server's.
    private static final class StoreException extends IOException {
        StoreException(int piece, IOException cause) {
            super("writing piece %d: %s".formatted(piece, cause.getMessage()), cause);
        }
    }

    /// Takes the bytes of a run and hands over each block when it is whole.
    private final class Blocks implements RangeRequests.Sink {

        private final List<Part> parts;
        private final ByteBuffer buffer = ByteBuffer.allocate(PeerMessageCodec.BLOCK_BYTES);
        private int delivered;

        Blocks(List<Part> parts) {
            this.parts = parts;
            buffer.limit(parts.getFirst().block.lengthBytes());
        }

        @Override
        public ByteBuffer room() {
            return buffer;
        }

        @Override
        public void took() throws IOException {
            if (buffer.hasRemaining()) {
                return;
            }
            beginHandingOver();
            try {
                handOver(parts.get(delivered));
            } finally {
                endHandingOver();
            }
            delivered++;
            buffer.clear();
            if (delivered < parts.size()) {
                buffer.limit(parts.get(delivered).block.lengthBytes());
            }
        }

        private void handOver(Part part) throws StoreException {
            Block block = part.block;
            Outcome outcome;
            try {
                outcome = part.assembly.accept(block.begin(), buffer.flip());
            } catch (IOException failed) {
                throw new StoreException(block.piece(), failed);
            }
            torrent.accept(
                    new WebSeedEvent.Delivered(
                            number, part.assembly, block.begin(), block.lengthBytes(), outcome));
        }

        void zeros(int count) throws IOException {
            for (int left = count; left > 0; left--) {
                buffer.put((byte) 0);
                took();
            }
        }
    }
}
