package dev.thistle.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.engine.storage.MemoryStore;
import dev.thistle.protocol.bencode.ByteString;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.peer.HashRange;
import dev.thistle.protocol.peer.PeerMessage;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a session says and does beyond BEP 3, against peers that follow a script.
@Timeout(30)
class ExtensionTest {

    private static final int PIECE = 32 * 1024;
    private static final int PIECES = 10;
    private static final byte[] CONTENT = Lab.content(PIECES * PIECE);
    private static final Metainfo METAINFO = Torrents.of("content", CONTENT, PIECE);

    private final Lab lab = new Lab();

    @AfterEach
    void closeAll() {
        lab.close();
    }

    private Torrent seeder() throws IOException {
        Torrent torrent = lab.session(1).add(METAINFO, new MemoryStore(CONTENT), Lab.QUICK);
        torrent.completed().join();
        return torrent;
    }

    /// BEP 52: every hash request gets an answer.
    @Test
    void a_request_for_hashes_of_an_unknown_file_is_rejected() throws Exception {
        var _ = seeder();
        var range = new HashRange(ByteString.of(new byte[32]), 0, 0, 8, 2);
        try (RawPeer peer = RawPeer.call(lab.host(2), lab.socket(1), METAINFO.infoHash())) {
            peer.say(new PeerMessage.HashRequest(range));
            assertThat(peer.hear(PeerMessage.HashReject.class).range()).isEqualTo(range);
        }
    }
}
