package dev.thistle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.protocol.InfoHash;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/// The demonstration claims that an observer sees nothing, so the observer must not be blind.
class ObserverTest {

    private static final InfoHash HASH = InfoHash.ofHex("00ff" + "41ab".repeat(9));
    private static final Observer OBSERVER = new Observer(HASH, 0x1AE1);

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void it_sees_the_info_hash_in_every_form() {
        String escaped = "%00%fF" + "A%AB".repeat(9);

        assertThat(OBSERVER.seesInfoHash(bytes("GET /?info_hash=" + escaped + "&x"))).isTrue();
        assertThat(
                        OBSERVER.seesInfoHash(
                                bytes("x" + HASH.toString().toUpperCase(Locale.ROOT) + "x")))
                .isTrue();
        assertThat(
                        OBSERVER.seesInfoHash(
                                ByteBuffer.allocate(30).put((byte) 7).put(HASH.bytes()).array()))
                .isTrue();
        assertThat(OBSERVER.seesInfoHash(bytes("GET /?sha_ih=%00%fE" + "A%AB".repeat(9))))
                .isFalse();
    }

    @Test
    void it_sees_the_listening_port_wherever_it_stands() {
        assertThat(OBSERVER.seesPort(bytes("GET /?port=6881&x=1 HTTP/1.1"))).isTrue();
        assertThat(OBSERVER.seesPort(bytes("GET /?x=1&port=6881 HTTP/1.1"))).isTrue();
        assertThat(OBSERVER.seesPort(bytes("GET /?port=16881 HTTP/1.1"))).isFalse();
        assertThat(OBSERVER.seesPort(bytes("GET /?port=68811 HTTP/1.1"))).isFalse();
        assertThat(OBSERVER.seesPort(bytes("GET /?support=6881 HTTP/1.1"))).isFalse();
    }

    @Test
    void it_sees_addresses_and_greetings() {
        assertThat(OBSERVER.seesAddress(HexFormat.of().parseHex("ff7f0000011ae1"))).isTrue();
        assertThat(OBSERVER.seesAddress(bytes("2:ip9:127.0.0.1"))).isTrue();
        assertThat(OBSERVER.seesAddress(bytes("d5:peers0:e"))).isFalse();
        assertThat(OBSERVER.seesBitTorrent(bytes("\u0013BitTorrent protocol"))).isTrue();
        assertThat(OBSERVER.seesBitTorrent(bytes("\u0013BitTorrent protoco"))).isFalse();
    }

    @Test
    void a_recording_keeps_connections_apart_and_ends() {
        var recordings = new Recordings();
        Recordings.Recording first = recordings.next();
        Recordings.Recording second = recordings.next();
        second.add(ByteBuffer.wrap(bytes("Bit")));
        first.add(ByteBuffer.wrap(bytes("Torrent")));
        second.add(ByteBuffer.wrap(bytes("Torrent protocol")));

        assertThat(recordings.any(OBSERVER::seesBitTorrent)).isTrue();
        assertThat(recordings.first()).isEqualTo(bytes("Torrent"));
        ByteBuffer large = ByteBuffer.allocate(100_000);
        first.add(large);
        first.add(large);
        assertThat(large.position()).as("what passes is left alone").isZero();
        assertThat(recordings.first()).hasSize(64 * 1024);
    }
}
