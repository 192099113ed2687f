package dev.thistle.lab.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.engine.storage.MemoryStore;
import dev.thistle.lab.scenario.ClientPlan.Tracker;
import dev.thistle.lab.scenario.SwarmPlan;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.metainfo.PieceDigest;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ContentTest {

    private static final String URL = "http://10.128.0.1:6969/announce";
    private static final SwarmPlan PLAN =
            new SwarmPlan(100_000, 16_384, 1, 1, 1, Duration.ofSeconds(5));

    @Test
    void the_same_seed_gives_the_same_torrent_however_it_is_announced() {
        Content clear = Content.make(PLAN, Tracker.CLEAR, URL, 7);
        Content hidden = Content.make(PLAN, Tracker.OBFUSCATED, URL, 7);

        assertThat(hidden.metainfo().infoHash()).isEqualTo(clear.metainfo().infoHash());
        assertThat(Content.make(PLAN, Tracker.CLEAR, URL, 7).metainfo().infoHash())
                .isEqualTo(clear.metainfo().infoHash());
        assertThat(Content.make(PLAN, Tracker.CLEAR, URL, 8).metainfo().infoHash())
                .isNotEqualTo(clear.metainfo().infoHash());
    }

    @Test
    void a_seeder_has_all_pieces_and_a_leecher_none() throws Exception {
        Content content = Content.make(PLAN, Tracker.CLEAR, URL, 7);

        assertThat(content.metainfo().lengthBytes()).isEqualTo(100_000);
        assertThat(content.metainfo().pieceCount()).isEqualTo(7);
        try (var whole = content.whole();
                var empty = content.empty()) {
            assertThat(right(content.metainfo(), whole)).containsExactly(0, 1, 2, 3, 4, 5, 6);
            assertThat(right(content.metainfo(), empty)).isEmpty();
        }
    }

    private static IntStream right(Metainfo metainfo, MemoryStore store) {
        return IntStream.range(0, metainfo.pieceCount())
                .filter(piece -> {
                    ByteBuffer bytes = ByteBuffer.allocate(metainfo.pieceLengthBytes(piece));
                    store.read((long) piece * metainfo.pieceLengthBytes(), bytes);
                    var digest = new PieceDigest(metainfo, piece);
                    digest.blocksInOrder(0, bytes.flip());
                    return digest.verdict(metainfo.pieceLayers()) == PieceDigest.Verdict.RIGHT;
                });
    }
}
