package dev.thistle.cli;

import dev.thistle.engine.pieces.PieceCheck;
import dev.thistle.engine.storage.FileStore;
import dev.thistle.protocol.metainfo.Metainfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;

/// `thistle check`: is a torrent's data on disk complete and right?
final class DataCheck {

    /// @param longer files that go on behind the torrent's data; what is behind is not looked at
    record Result(
            String name,
            String infoHash,
            int pieces,
            int right,
            long lengthBytes,
            long rightBytes,
            List<String> longer) {}

    private final Console console;
    private final Patience patience;

    DataCheck(Console console, Patience patience) {
        this.console = console;
        this.patience = patience;
    }

    int check(String torrent, Path dir, boolean json) throws IOException, InterruptedException {
        Metainfo metainfo = TorrentFiles.read(torrent, patience);
        Result result = run(metainfo, dir);
        TorrentFiles.noteLonger(console, result.longer());
        if (json) {
            Json.print(console, result);
        } else {
            console.say(
                    "%s: %d of %s right (%s of %s)"
                            .formatted(
                                    result.name(),
                                    result.right(),
                                    Console.count(result.pieces(), "piece"),
                                    Console.bytes(result.rightBytes()),
                                    Console.bytes(result.lengthBytes())));
        }
        if (result.right() == result.pieces()) {
            return 0;
        }
        console.error(
                "%s missing or wrong in %s; to fetch what is missing: thistle get %s -o %s"
                        .formatted(
                                Console.count(result.pieces() - result.right(), "piece"),
                                dir,
                                torrent,
                                dir));
        return Thistle.FAILED;
    }

    private Result run(Metainfo metainfo, Path dir) throws IOException, InterruptedException {
        if (!Files.isDirectory(dir)) {
            throw new NotDirectoryException(dir.toString());
        }
        BitSet right;
        List<String> longer;
        try (var _ = Interruption.of(console, () -> "interrupted: not everything was looked at");
                var store = FileStore.open(dir, metainfo, false);
                var progress = new Progress(console, "checking", metainfo.lengthBytes())) {
            right =
                    new PieceCheck(metainfo, store)
                            .run(
                                    piece ->
                                            progress.at(
                                                    Math.min(
                                                            metainfo.lengthBytes(),
                                                            (long) piece
                                                                    * metainfo.pieceLengthBytes()),
                                                    ""),
                                    () -> Thread.currentThread().isInterrupted())
                            .right();
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            longer = store.longerFiles();
            progress.at(metainfo.lengthBytes(), "");
        }
        long rightBytes = right.stream().mapToLong(metainfo::pieceLengthBytes).sum();
        return new Result(
                metainfo.name(),
                metainfo.infoHash().toString(),
                metainfo.pieceCount(),
                right.cardinality(),
                metainfo.lengthBytes(),
                rightBytes,
                longer);
    }
}
