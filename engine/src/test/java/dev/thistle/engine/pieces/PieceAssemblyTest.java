package dev.thistle.engine.pieces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.engine.Torrents;
import dev.thistle.engine.pieces.PieceAssembly.Outcome;
import dev.thistle.engine.storage.MemoryStore;
import dev.thistle.engine.storage.PieceStore;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.peer.PeerMessageCodec;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PieceAssemblyTest {

    private static final int BLOCK = PeerMessageCodec.BLOCK_BYTES;
    private static final int PIECE = 4 * BLOCK;

    /// Piece 1 of two; the last block is 100 bytes short.
    private static final byte[] CONTENT = content(2 * PIECE - 100);

    private static final Metainfo METAINFO = Torrents.of("two", CONTENT, PIECE);

    private final MemoryStore store = new MemoryStore(CONTENT.length);
    private final PieceAssembly assembly = new PieceAssembly(METAINFO, store, 1);

    private static byte[] content(int bytes) {
        byte[] content = new byte[bytes];
        new Random(7).nextBytes(content);
        return content;
    }

    private static ByteBuffer block(int block) {
        int from = PIECE + block * BLOCK;
        int to = Math.min(from + BLOCK, CONTENT.length);
        return ByteBuffer.wrap(Arrays.copyOfRange(CONTENT, from, to));
    }

    private Outcome accept(int block) throws Exception {
        return assembly.accept(block * BLOCK, block(block));
    }

    private byte[] stored() {
        return Arrays.copyOfRange(store.content(), PIECE, CONTENT.length);
    }

    private static byte[] piece() {
        return Arrays.copyOfRange(CONTENT, PIECE, CONTENT.length);
    }

    @Test
    void blocks_in_order_make_a_verified_piece() throws Exception {
        assertThat(accept(0)).isEqualTo(Outcome.STORED);
        assertThat(accept(1)).isEqualTo(Outcome.STORED);
        assertThat(accept(2)).isEqualTo(Outcome.STORED);
        assertThat(accept(3)).isEqualTo(Outcome.VERIFIED);
        assertThat(stored()).isEqualTo(piece());
    }

    static LongStream seeds() {
        return LongStream.range(0, 24);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void blocks_in_any_order_make_a_verified_piece(long seed) throws Exception {
        var order = new ArrayList<>(List.of(0, 1, 2, 3));
        Collections.shuffle(order, new Random(seed));
        for (int block : order.subList(0, 3)) {
            assertThat(accept(block)).isEqualTo(Outcome.STORED);
        }
        assertThat(accept(order.getLast())).isEqualTo(Outcome.VERIFIED);
        assertThat(stored()).isEqualTo(piece());
    }

    @Test
    void a_block_that_came_before_is_not_written_again() throws Exception {
        accept(2);
        assertThat(assembly.accept(2 * BLOCK, ByteBuffer.allocate(BLOCK)))
                .isEqualTo(Outcome.DUPLICATE);
        accept(0);
        accept(1);
        assertThat(accept(3)).isEqualTo(Outcome.VERIFIED);
        assertThat(stored()).isEqualTo(piece());
    }

    @Test
    void a_late_block_never_writes_over_verified_bytes() throws Exception {
        for (int block = 0; block < 4; block++) {
            accept(block);
        }
        assertThat(stored()).isEqualTo(piece());
        for (int block = 0; block < 4; block++) {
            ByteBuffer bad = ByteBuffer.allocate(block(block).remaining());
            assertThat(assembly.accept(block * BLOCK, bad)).isEqualTo(Outcome.DUPLICATE);
        }
        assertThat(stored()).isEqualTo(piece());
    }

    @Test
    void one_wrong_byte_makes_a_mismatch() throws Exception {
        accept(0);
        ByteBuffer bad = block(1);
        bad.put(5, (byte) (bad.get(5) ^ 1));
        assembly.accept(BLOCK, bad);
        accept(2);
        assertThat(accept(3)).isEqualTo(Outcome.MISMATCHED);
        assertThat(accept(1)).as("the attempt is over").isEqualTo(Outcome.DUPLICATE);
    }

    @Test
    void a_piece_of_one_block_is_verified_at_once() throws Exception {
        Metainfo small = Torrents.of("small", new byte[] {1, 2, 3}, BLOCK);
        var alone = new PieceAssembly(small, new MemoryStore(3), 0);
        assertThat(alone.accept(0, ByteBuffer.wrap(new byte[] {1, 2, 3})))
                .isEqualTo(Outcome.VERIFIED);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void several_threads_may_deliver_blocks_of_one_piece_at_once(long seed) throws Exception {
        byte[] content = content(64 * BLOCK);
        Metainfo metainfo = Torrents.of("big", content, content.length);
        var target = new MemoryStore(content.length);
        var shared = new PieceAssembly(metainfo, target, 0);
        var go = new CountDownLatch(1);
        List<Future<List<Outcome>>> deliveries = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int thread = 0; thread < 4; thread++) {
                var order = new ArrayList<Integer>();
                for (int block = 0; block < 64; block++) {
                    if (block % 4 == thread || block % 5 == 0) { // every fifth comes four times
                        order.add(block);
                    }
                }
                Collections.shuffle(order, new Random(seed + thread));
                deliveries.add(
                        threads.submit(() -> {
                            go.await();
                            List<Outcome> outcomes = new ArrayList<>();
                            for (int block : order) {
                                ByteBuffer data = ByteBuffer.wrap(content, block * BLOCK, BLOCK);
                                outcomes.add(shared.accept(block * BLOCK, data));
                            }
                            return outcomes;
                        }));
            }
            go.countDown();
        }
        List<Outcome> all = new ArrayList<>();
        for (var delivery : deliveries) {
            all.addAll(delivery.get());
        }
        assertThat(Collections.frequency(all, Outcome.VERIFIED)).isEqualTo(1);
        assertThat(Collections.frequency(all, Outcome.STORED)).isEqualTo(63);
        assertThat(all).doesNotContain(Outcome.MISMATCHED);
        assertThat(target.content()).isEqualTo(content);
    }

    /// Else the piece would wait for ever for a block that it has.
    @Test
    void what_failed_while_hashing_is_tried_again_with_the_block_that_comes_again()
            throws Exception {
        var failures = new AtomicInteger();
        var piece = new PieceAssembly(METAINFO, shaky(failures), 1);
        for (int block = 3; block > 0; block--) {
            assertThat(piece.accept(block * BLOCK, block(block))).isEqualTo(Outcome.STORED);
        }
        failures.set(1);
        assertThatThrownBy(() -> piece.accept(0, block(0))).hasMessage("a bug");

        assertThat(piece.accept(0, block(0))).isEqualTo(Outcome.VERIFIED);

        assertThat(piece.accept(0, block(0))).isEqualTo(Outcome.DUPLICATE);
        assertThat(stored()).isEqualTo(piece());
    }

    /// Who sent what of a bad piece is found by reading it back, which fails once.
    @Test
    void what_failed_while_a_bad_piece_was_read_back_is_tried_again() throws Exception {
        var failures = new AtomicInteger();
        var piece = new PieceAssembly(METAINFO, shaky(failures), 1);
        ByteBuffer bad = block(0);
        bad.put(5, (byte) (bad.get(5) ^ 1));
        piece.accept(0, bad);
        piece.accept(BLOCK, block(1));
        piece.accept(2 * BLOCK, block(2));
        failures.set(1);
        assertThatThrownBy(() -> piece.accept(3 * BLOCK, block(3))).hasMessage("a bug");

        assertThat(piece.accept(3 * BLOCK, block(3))).isEqualTo(Outcome.MISMATCHED);

        assertThat(piece.blockDigests()).hasSize(4);
        assertThat(piece.accept(3 * BLOCK, block(3))).isEqualTo(Outcome.DUPLICATE);
    }

    /// The store, but so many reads fail.
    private PieceStore shaky(AtomicInteger failures) {
        return new PieceStore() {
            @Override
            public void read(long position, ByteBuffer target) {
                if (failures.getAndDecrement() > 0) {
                    throw new IllegalStateException("a bug");
                }
                store.read(position, target);
            }

            @Override
            public void write(long position, ByteBuffer source) {
                store.write(position, source);
            }

            @Override
            public boolean isThere(long position, long lengthBytes) {
                return true;
            }

            @Override
            public void close() {}
        };
    }
}
