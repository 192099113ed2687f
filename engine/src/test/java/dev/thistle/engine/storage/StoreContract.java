package dev.thistle.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What every [PieceStore] must do; run for each by a subclass.
@Timeout(60)
abstract class StoreContract {

    private static final int PART = 1_000;

    /// A store of this length to which nothing was written, without padding.
    abstract PieceStore empty(int lengthBytes) throws IOException;

    static LongStream seeds() {
        return LongStream.range(0, 5);
    }

    private static byte[] content(Random random, int length) {
        byte[] content = new byte[length];
        random.nextBytes(content);
        return content;
    }

    static ByteBuffer read(PieceStore store, long position, int length) throws IOException {
        ByteBuffer target = ByteBuffer.allocate(length);
        store.read(position, target);
        assertThat(target.hasRemaining()).as("not filled").isFalse();
        return target.flip();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void what_was_written_last_is_read_wherever_it_lies(long seed) throws Exception {
        var random = new Random(seed);
        byte[] model = content(random, 50 * PART);
        List<Integer> order = new ArrayList<>();
        for (int from = 0; from < model.length; from += PART) {
            order.add(from);
        }
        Collections.shuffle(order, random);
        try (PieceStore store = empty(model.length)) {
            for (int from : order) {
                store.write(from, ByteBuffer.wrap(model, from, PART));
            }
            for (int i = 0; i < 200; i++) {
                int from = random.nextInt(model.length);
                int length = random.nextInt(Math.min(5 * PART, model.length - from) + 1);
                if (random.nextBoolean()) {
                    System.arraycopy(content(random, length), 0, model, from, length);
                    store.write(from, ByteBuffer.wrap(model, from, length));
                }
                assertThat(read(store, from, length))
                        .isEqualTo(ByteBuffer.wrap(model, from, length));
            }
            assertThat(read(store, 0, model.length)).isEqualTo(ByteBuffer.wrap(model));
        }
    }

    @Test
    void a_buffer_of_any_kind_is_used_between_its_position_and_its_limit_alone() throws Exception {
        byte[] bytes = content(new Random(1), 100);
        ByteBuffer direct = ByteBuffer.allocateDirect(100).put(bytes).position(20).limit(70);
        try (PieceStore store = empty(200)) {
            store.write(10, direct);
            store.write(60, ByteBuffer.wrap(bytes, 70, 30).slice().asReadOnlyBuffer());
            assertThat(direct.position()).isEqualTo(70);
            assertThat(direct.limit()).isEqualTo(70);

            for (ByteBuffer target : List.of(ByteBuffer.allocate(100), direct.clear())) {
                target.put(0, new byte[100]).position(5).limit(85);
                store.read(10, target);
                assertThat(target.position()).isEqualTo(85);
                assertThat(target.limit()).isEqualTo(85);
                target.clear();
                assertThat(target.slice(5, 80)).isEqualTo(ByteBuffer.wrap(bytes, 20, 80));
                assertThat(target.slice(0, 5)).isEqualTo(ByteBuffer.allocate(5));
                assertThat(target.slice(85, 15)).isEqualTo(ByteBuffer.allocate(15));
            }
        }
    }

    @Test
    void what_is_there_is_what_was_written() throws Exception {
        byte[] bytes = content(new Random(1), 3 * PART);
        try (PieceStore store = empty(bytes.length)) {
            assertThat(store.isThere(0, 1)).isFalse();
            assertThat(store.isThere(0, bytes.length)).isFalse();
            for (int end = PART; end <= bytes.length; end += PART) {
                store.write(end - PART, ByteBuffer.wrap(bytes, end - PART, PART));
                assertThat(store.isThere(0, end)).isTrue();
                assertThat(store.isThere(end - 1, 1)).isTrue();
                assertThat(store.isThere(PART / 2, end - PART)).isTrue();
                if (end < bytes.length) {
                    assertThat(store.isThere(end, 1)).isFalse();
                    assertThat(store.isThere(end - 1, 2)).isFalse();
                    assertThat(store.isThere(0, bytes.length)).isFalse();
                }
            }
        }
    }

    @Test
    void what_was_never_written_is_zeros_or_not_read() throws Exception {
        try (PieceStore store = empty(PART)) {
            ByteBuffer target = ByteBuffer.allocate(PART);
            try {
                store.read(0, target);
                assertThat(target.flip()).isEqualTo(ByteBuffer.allocate(PART));
            } catch (IOException notThere) {
                assertThat(notThere).hasMessageContaining("is not there");
            }
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void threads_may_read_and_write_side_by_side(long seed) throws Exception {
        byte[] content = content(new Random(seed), 150 * PART);
        try (PieceStore store = empty(content.length);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<ByteBuffer>> parts = new ArrayList<>();
            for (int from = 0; from < content.length; from += PART) {
                int start = from;
                parts.add(
                        threads.submit(() -> {
                            store.write(start, ByteBuffer.wrap(content, start, PART));
                            return read(store, start, PART);
                        }));
            }
            for (int i = 0; i < parts.size(); i++) {
                assertThat(parts.get(i).get()).isEqualTo(ByteBuffer.wrap(content, i * PART, PART));
            }
            assertThat(store.isThere(0, content.length)).isTrue();
            assertThat(read(store, 0, content.length)).isEqualTo(ByteBuffer.wrap(content));
        }
    }

    @Test
    void what_is_forced_stays_and_closing_twice_is_no_mistake() throws Exception {
        PieceStore store = empty(3);
        store.write(0, ByteBuffer.wrap(new byte[] {1, 2, 3}));
        store.force();
        store.stamps();
        assertThat(read(store, 0, 3)).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        store.close();
        store.close();
    }
}
