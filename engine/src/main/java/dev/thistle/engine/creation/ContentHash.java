package dev.thistle.engine.creation;

import dev.thistle.protocol.Sha256;
import dev.thistle.protocol.merkle.HashLayer;
import dev.thistle.protocol.merkle.TreeShape;
import dev.thistle.protocol.metainfo.MetaVersion;
import dev.thistle.protocol.metainfo.TorrentBuilder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/// Hashes files for a new torrent, on all processors.
///
/// Pieces are independent of each other, so every worker takes the next one that nobody has, reads
/// it and hashes it. There are twice as many workers as processors: while one waits for the disk
/// another hashes. Reading stays nearly in order, which disks like.
///
/// One object hashes one torrent, once.
public final class ContentHash {

    /// How often progress is told.
    private static final long GLANCE_MILLIS = 100;

    private final List<ContentFile> files;
    private final int pieceLengthBytes;
    private final MetaVersion version;
    private final PieceSpans spans;
    private final byte[] sha1;
    private final byte[] roots;
    private final AtomicInteger nextPiece = new AtomicInteger();
    private final AtomicLong doneBytes = new AtomicLong();

    /// @param files in the order of the torrent
    /// @param pieceLengthBytes in v2 a power of two from 16 KiB
    public ContentHash(List<ContentFile> files, int pieceLengthBytes, MetaVersion version) {
        this.files = List.copyOf(files);
        this.pieceLengthBytes = pieceLengthBytes;
        this.version = version;
        spans = new PieceSpans(files, pieceLengthBytes, version);
        sha1 = new byte[version.hasV1() ? spans.pieceCount() * PieceWorker.SHA1_BYTES : 0];
        roots = new byte[version.hasV2() ? spans.pieceCount() * Sha256.BYTES : 0];
    }

    /// Hashes everything and tells `torrent`, which must have been told the files before. Blocks
    /// the calling thread.
    ///
    /// @param progress told now and then how many bytes are done, on the calling thread
    /// @throws IOException naming a file that cannot be read or became shorter
    public void hash(TorrentBuilder torrent, LongConsumer progress)
            throws IOException, InterruptedException {
        int workers = 2 * Runtime.getRuntime().availableProcessors();
        ExecutorService threads =
                Executors.newFixedThreadPool(
                        workers, Thread.ofPlatform().daemon().name("hash-", 0).factory());
        try {
            List<Future<?>> under = new ArrayList<>();
            for (int worker = 0; worker < workers; worker++) {
                under.add(
                        threads.submit(() -> {
                            work();
                            return null;
                        }));
            }
            for (Future<?> worker : under) {
                await(worker, progress);
            }
        } finally {
            threads.shutdownNow();
        }
        if (version.hasV1()) {
            tellPieces(torrent);
        }
        if (version.hasV2()) {
            tellTrees(torrent);
        }
    }

    private void work() throws IOException {
        try (var worker = new PieceWorker(files, version)) {
            for (int piece = nextPiece.getAndIncrement();
                    piece < spans.pieceCount();
                    piece = nextPiece.getAndIncrement()) {
                PieceSpans.Span span = spans.of(piece);
                worker.hash(span, sha1, roots, doneBytes::addAndGet);
            }
        }
    }

    private void await(Future<?> worker, LongConsumer progress)
            throws IOException, InterruptedException {
        while (true) {
            try {
                worker.get(GLANCE_MILLIS, TimeUnit.MILLISECONDS);
                return;
            } catch (TimeoutException notYet) {
                progress.accept(doneBytes.get());
            } catch (ExecutionException failed) {
                nextPiece.set(spans.pieceCount()); // nobody needs the rest
                if (failed.getCause() instanceof IOException reason) {
                    throw reason;
                }
                throw new IllegalStateException(failed.getCause());
            }
        }
    }

    private void tellPieces(TorrentBuilder torrent) {
        ByteBuffer hashes = ByteBuffer.wrap(sha1);
        byte[] hash = new byte[PieceWorker.SHA1_BYTES];
        while (hashes.hasRemaining()) {
            hashes.get(hash);
            torrent.pieceHash(hash);
        }
    }

    /// The nodes of a file's pieces are neighbours in `roots`.
    private void tellTrees(TorrentBuilder torrent) {
        int piece = 0;
        for (ContentFile file : files) {
            if (file.lengthBytes() == 0) {
                continue;
            }
            int pieces = (int) Math.ceilDiv(file.lengthBytes(), (long) pieceLengthBytes);
            ByteBuffer nodes = ByteBuffer.wrap(roots, piece * Sha256.BYTES, pieces * Sha256.BYTES);
            piece += pieces;
            if (pieces == 1) {
                torrent.root(file.path(), Sha256.read(nodes));
            } else {
                HashLayer layer = HashLayer.of(TreeShape.pieceLevel(pieceLengthBytes), nodes);
                Sha256 root = layer.root(TreeShape.ofFile(file.lengthBytes()).height());
                torrent.root(file.path(), root).pieceLayer(root, layer);
            }
        }
    }
}
