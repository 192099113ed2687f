package dev.thistle.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.engine.settings.EncryptionPolicy;
import dev.thistle.engine.settings.EncryptionPolicy.Cipher;
import dev.thistle.engine.settings.EncryptionPolicy.Level;
import dev.thistle.engine.settings.TorrentEncryption;
import dev.thistle.engine.storage.MemoryStore;
import dev.thistle.net.Link;
import dev.thistle.net.Listener;
import dev.thistle.protocol.bencode.BencodeValue;
import dev.thistle.protocol.bencode.BencodeValue.Dict;
import dev.thistle.protocol.bencode.ByteString;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.metainfo.TorrentBuilder;
import dev.thistle.protocol.peer.ExtendedHandshake;
import dev.thistle.protocol.peer.Handshake;
import dev.thistle.protocol.peer.PeerMessage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What trackers and peers are told of encryption, and what a tracker tells.
@Timeout(30)
class EncryptionHintsTest {

    private static final int PIECE = 16 * 1024;
    private static final byte[] CONTENT = Lab.content(3 * PIECE);

    private final Lab lab = new Lab();
    private MemoryTracker tracker;
    private Metainfo metainfo;

    @BeforeEach
    void open() throws IOException {
        tracker = new MemoryTracker(lab.host(9));
        metainfo =
                Torrents.of(
                        TorrentBuilder.ofFile("content", CONTENT.length, PIECE)
                                .announceTier(List.of(tracker.url())),
                        CONTENT,
                        PIECE);
    }

    @AfterEach
    void closeAll() {
        lab.close();
        tracker.close();
    }

    private static EncryptionPolicy policy(Level level) {
        return new EncryptionPolicy(level, Cipher.ANY);
    }

    private void seed(Level session, Level torrent) throws IOException {
        var settings = Lab.QUICK.withEncryption(TorrentEncryption.of(policy(torrent)));
        lab.session(1, policy(session))
                .add(metainfo, new MemoryStore(CONTENT), settings)
                .completed()
                .join();
    }

    @Test
    void the_tracker_hears_that_a_torrent_is_stricter_than_its_session() throws Exception {
        seed(Level.ALLOW, Level.REQUIRE);
        assertThat(tracker.requests.take()).contains("&requirecrypto=1");
    }

    @Test
    void the_tracker_hears_that_a_torrent_takes_no_encryption() throws Exception {
        seed(Level.ALLOW, Level.OFF);
        assertThat(tracker.requests.take()).doesNotContain("crypto=");
    }

    @Test
    void peers_hear_that_a_torrent_prefers_encryption() throws Exception {
        seed(Level.ALLOW, Level.PREFER);
        try (RawPeer peer = RawPeer.call(lab.host(2), lab.socket(1), metainfo.infoHash())) {
            ByteBuffer extended = peer.hear(PeerMessage.Extended.class).payload();
            assertThat(ExtendedHandshake.decode(extended).prefersEncryption()).contains(true);
        }
    }

    /// Plaintext would only be refused, and name the torrent to everybody on the way.
    @Test
    void a_peer_that_needs_encryption_by_the_word_of_the_tracker_is_called_so() throws Exception {
        byte[] peers = {10, 0, 0, 5, 0x1a, (byte) 0xe1, 10, 0, 0, 6, 0x1a, (byte) 0xe1};
        tracker.answer(
                Dict.builder()
                        .put("complete", 0)
                        .put("crypto_flags", bytes(new byte[] {1, 0}))
                        .put("incomplete", 0)
                        .put("interval", 1800)
                        .put("peers", bytes(peers))
                        .build());
        try (Listener needing = lab.host(5).listen(lab.socket(5));
                Listener other = lab.host(6).listen(lab.socket(6))) {
            lab.session(1, policy(Level.ALLOW))
                    .add(metainfo, new MemoryStore(CONTENT.length), Lab.QUICK);
            assertThat(firstBytes(needing)).isNotEqualTo("\u0013BitTorrent protocol");
            assertThat(firstBytes(other)).isEqualTo("\u0013BitTorrent protocol");
        }
    }

    private static BencodeValue bytes(byte[] bytes) {
        return new BencodeValue.Text(ByteString.of(bytes));
    }

    private static String firstBytes(Listener listener) throws IOException {
        ByteBuffer first = ByteBuffer.allocate(Handshake.HEADER_BYTES);
        try (Link link = listener.accept()) {
            while (first.hasRemaining()) {
                assertThat(link.read(first, RawPeer.PATIENCE)).isPositive();
            }
        }
        return new String(first.array(), StandardCharsets.ISO_8859_1);
    }
}
