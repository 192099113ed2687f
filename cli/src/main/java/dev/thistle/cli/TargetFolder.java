package dev.thistle.cli;

import dev.thistle.engine.settings.Selection;
import dev.thistle.engine.storage.FileStore;
import dev.thistle.engine.storage.PieceStore;
import dev.thistle.engine.storage.PieceStores;
import dev.thistle.protocol.metainfo.Metainfo;
import java.io.IOException;
import java.nio.file.Path;

/// Where `thistle get` puts files, and which.
record TargetFolder(Path dir, FileSelection selection, Console console) implements PieceStores {

    @Override
    public PieceStore open(Metainfo metainfo) throws IOException {
        var store = FileStore.open(dir, metainfo, true);
        TorrentFiles.noteLonger(console, store.longerFiles());
        return store;
    }

    @Override
    public Selection select(Metainfo metainfo, Selection asked) throws IOException {
        return selection.of(metainfo, asked);
    }
}
