package dev.thistle.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.engine.settings.EncryptionPolicy;
import dev.thistle.engine.settings.EncryptionPolicy.Cipher;
import dev.thistle.engine.settings.EncryptionPolicy.Level;
import dev.thistle.engine.settings.LocalTargets;
import dev.thistle.engine.storage.MemoryStore;
import dev.thistle.net.Link;
import dev.thistle.net.Listener;
import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.metainfo.Magnet;
import dev.thistle.protocol.metainfo.MetaVersion;
import dev.thistle.protocol.metainfo.Metainfo;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A hybrid has two swarms (BEP 52): a tracker here knows a peer in each, and each is called by the
/// name under which it was found.
@Timeout(30)
class TwoSwarmsTest {

    private static final int PIECE = 32 * 1024;
    private static final byte[] CONTENT = Lab.content(3 * PIECE);
    private static final Metainfo METAINFO =
            Torrents.ofFolder(MetaVersion.HYBRID, CONTENT, PIECE, CONTENT.length);
    private static final InfoHash V1 = METAINFO.infoHashes().all().getFirst();
    private static final InfoHash V2 = METAINFO.infoHashes().all().getLast();

    private final Lab lab = new Lab();

    @AfterEach
    void closeAll() {
        lab.close();
    }

    @Test
    void peers_are_called_by_the_name_of_the_swarm_that_they_were_found_in() throws Exception {
        try (Listener tracker = lab.host(9).listen(new InetSocketAddress(lab.host(9).ip(), 80));
                Listener inV1 = lab.host(5).listen(lab.socket(5));
                Listener inV2 = lab.host(6).listen(lab.socket(6))) {
            Thread.ofVirtual().start(() -> track(tracker));
            String link = Magnet.of(METAINFO).link() + "&tr=http%3A%2F%2F10.0.0.9%3A80%2Fannounce";
            lab.session(1, new EncryptionPolicy(Level.OFF, Cipher.ANY))
                    .add(
                            Magnet.parse(link),
                            metainfo -> new MemoryStore((int) metainfo.spanBytes()),
                            Lab.QUICK.withLocalTargets(LocalTargets.ALLOWED));

            try (RawPeer peer = RawPeer.answer(inV2.accept(), V2)) {
                assertThat(peer.heard().infoHash()).isEqualTo(V2);
            }
            try (RawPeer peer = RawPeer.answer(inV1.accept(), V1)) {
                assertThat(peer.heard().infoHash()).isEqualTo(V1);
            }
        }
    }

    /// Names 10.0.0.5 in the swarm of v1 and 10.0.0.6 in that of v2.
    private static void track(Listener port) {
        try {
            while (true) {
                try (Link link = port.accept()) {
                    boolean isV2 = asked(request(link)).equals(V2);
                    ByteBuffer answer = ByteBuffer.allocate(200);
                    answer.put(
                            "HTTP/1.1 200 OK\r\nContent-Length: 33\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
                    answer.put("d8:intervali1800e5:peers6:".getBytes(StandardCharsets.US_ASCII));
                    answer.put(new byte[] {10, 0, 0, (byte) (isV2 ? 6 : 5)});
                    answer.putShort((short) Lab.PORT).put((byte) 'e');
                    link.write(answer.flip(), RawPeer.PATIENCE);
                }
            }
        } catch (IOException over) {
            // the test is over
        }
    }

    private static String request(Link link) throws IOException {
        var text = new StringBuilder();
        ByteBuffer in = ByteBuffer.allocate(4096);
        while (text.indexOf("\r\n\r\n") < 0 && link.read(in.clear(), RawPeer.PATIENCE) >= 0) {
            text.append(StandardCharsets.ISO_8859_1.decode(in.flip()));
        }
        return text.toString();
    }

    private static InfoHash asked(String request) {
        int start = request.indexOf("info_hash=") + "info_hash=".length();
        String escaped = request.substring(start, request.indexOf('&', start));
        byte[] bytes =
                URLDecoder.decode(escaped, StandardCharsets.ISO_8859_1)
                        .getBytes(StandardCharsets.ISO_8859_1);
        return InfoHash.read(ByteBuffer.wrap(bytes));
    }
}
