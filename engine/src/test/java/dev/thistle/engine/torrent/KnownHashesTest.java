package dev.thistle.engine.torrent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.engine.Torrents;
import dev.thistle.protocol.Sha256;
import dev.thistle.protocol.merkle.PieceLayers;
import dev.thistle.protocol.metainfo.Magnet;
import dev.thistle.protocol.metainfo.MetaVersion;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.metainfo.MetainfoReader;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KnownHashesTest {

    private static final int PIECE = 16 * 1024;

    /// Two files with the same content, one with other content, one of a single piece.
    private static final Metainfo WHOLE =
            Torrents.ofFolder(
                    MetaVersion.V2,
                    new byte[10 * PIECE],
                    PIECE,
                    3 * PIECE,
                    3 * PIECE,
                    2 * PIECE,
                    5);

    @Test
    void a_layer_frees_every_file_with_its_root_and_no_other() throws Exception {
        Metainfo bare =
                MetainfoReader.readInfo(WHOLE.infoBytes(), Magnet.parse(Magnet.of(WHOLE).link()));
        var known = new KnownHashes(bare, Map.of());
        PieceLayers asked = known.layers();
        assertThat(known.unverifiable().stream()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);

        learn(known, 0);
        assertThat(known.unverifiable().stream()).containsExactly(6, 7);
        assertThat(bare.isVerifiable(5, asked)).as("who asked before sees it, too").isTrue();
        assertThat(bare.isVerifiable(6, asked)).isFalse();
        assertThat(known.areComplete()).isFalse();

        learn(known, 2);
        assertThat(known.areComplete()).isTrue();
        assertThat(bare.pieceLayers().all()).as("the metainfo is as it was").isEmpty();
    }

    private static void learn(KnownHashes known, int file) {
        Sha256 root = WHOLE.files().get(file).piecesRoot().orElseThrow();
        known.learn(root, WHOLE.pieceLayers().of(root).orElseThrow());
    }
}
