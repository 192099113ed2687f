package dev.thistle.engine.torrent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.protocol.Sha256;
import dev.thistle.protocol.merkle.HashLayer;
import dev.thistle.protocol.merkle.MerkleTree;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RecentTreesTest {

    private static final long LONG = TimeUnit.SECONDS.toNanos(31);

    private final RecentTrees trees = new RecentTrees();
    private int built;

    /// Asks for the tree of a file with so many pieces.
    private void ask(int file, int pieces) {
        int height = 32 - Integer.numberOfLeadingZeros(pieces - 1);
        MerkleTree tree =
                trees.get(
                        root(file),
                        () -> {
                            built++;
                            var hashes = ByteBuffer.allocate(pieces * Sha256.BYTES);
                            return MerkleTree.over(HashLayer.of(0, hashes), height);
                        });
        assertThat(tree.layer(0).count()).isEqualTo(pieces);
    }

    private static Sha256 root(int file) {
        return Sha256.of(ByteBuffer.allocate(Sha256.BYTES).putInt(file).array());
    }

    @Test
    void files_that_are_asked_for_by_turns_are_built_once() {
        for (int i = 0; i < 100; i++) {
            ask(i % 10, 1000);
        }
        assertThat(built).isEqualTo(10);
    }

    @Test
    void what_was_not_asked_for_longest_makes_room() {
        for (int file = 0; file < 16; file++) {
            ask(file, 4096); // 256 KiB each
        }
        ask(0, 4096);
        assertThat(trees.bytes()).isEqualTo(RecentTrees.MAX_BYTES);

        ask(16, 4096);
        ask(0, 4096);
        assertThat(built).as("file 0 is still there").isEqualTo(17);
        ask(1, 4096);
        assertThat(built).as("file 1 made room").isEqualTo(18);
        assertThat(trees.bytes()).isEqualTo(RecentTrees.MAX_BYTES);
    }

    @Test
    void one_that_is_larger_than_allowed_is_kept_alone() {
        ask(1, 100);
        ask(2, 100_000);
        ask(2, 100_000);
        assertThat(built).isEqualTo(2);
        ask(1, 100);
        assertThat(built).isEqualTo(3);
        assertThat(trees.bytes()).isEqualTo(2 * 100 * Sha256.BYTES);
    }

    @Test
    void all_are_forgotten_when_nobody_asks() {
        trees.tick(0);
        ask(1, 100);
        trees.tick(LONG);
        ask(1, 100);
        assertThat(built).isEqualTo(1);
        trees.tick(2 * LONG);
        trees.tick(3 * LONG);
        assertThat(trees.bytes()).isZero();
        ask(1, 100);
        assertThat(built).isEqualTo(2);
    }
}
