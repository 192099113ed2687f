package dev.thistle.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class MemoryStoreTest extends StoreContract {

    @Override
    PieceStore empty(int lengthBytes) {
        return new MemoryStore(lengthBytes);
    }

    @Test
    void what_it_is_given_is_there_and_its_own() throws Exception {
        byte[] given = {1, 2, 3};
        try (var store = new MemoryStore(given)) {
            given[0] = 9;
            store.content()[1] = 9;
            assertThat(store.isThere(0, 3)).isTrue();
            assertThat(read(store, 0, 3)).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        }
    }
}
