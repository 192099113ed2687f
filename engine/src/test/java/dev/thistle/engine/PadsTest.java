package dev.thistle.engine;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.engine.settings.EncryptionPolicy;
import dev.thistle.engine.settings.EncryptionPolicy.Cipher;
import dev.thistle.engine.settings.EncryptionPolicy.Level;
import dev.thistle.engine.settings.SessionSettings;
import dev.thistle.engine.storage.MemoryStore;
import dev.thistle.net.Link;
import dev.thistle.net.Listener;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.mse.PadPolicy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The pads that a session is told to use are those that an observer sees, both ways.
@Timeout(30)
class PadsTest {

    private static final int KEY = 96;
    private static final byte[] CONTENT = Lab.content(40_000);
    private static final Metainfo METAINFO = Torrents.of("content", CONTENT, 16 * 1024);
    private static final EncryptionPolicy RC4 = new EncryptionPolicy(Level.REQUIRE, Cipher.RC4);

    /// What the bytes at the beginning of its pads are, and how many of them there are at least.
    record Shape(String name, PadPolicy pads, int bytes, IntPredicate octet) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static final Shape PRINTABLE =
            new Shape(
                    "printable",
                    PadPolicy.PRINTABLE21,
                    21,
                    octet -> octet >= 0x20 && octet <= 0x7e);
    private static final Shape ZEROS =
            new Shape("zeros", PadPolicy.ZEROS32, 32, octet -> octet == 0);

    private final Lab lab = new Lab();

    @AfterEach
    void closeAll() {
        lab.close();
    }

    static Stream<Shape> shapes() {
        return Stream.of(PRINTABLE, ZEROS);
    }

    static Stream<Arguments> pads() {
        return Stream.of(
                Arguments.of("none", PadPolicy.NONE),
                Arguments.of("printable", PadPolicy.PRINTABLE21),
                Arguments.of("zeros", PadPolicy.ZEROS32),
                Arguments.of("the longest", (PadPolicy) (_, _) -> new byte[PadPolicy.MAX_BYTES]));
    }

    private Session session(int host, PadPolicy pads) throws IOException {
        return lab.session(SessionSettings.of(lab.socket(host), RC4).withPads(pads), host);
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void calls_begin_with_a_key_and_such_a_pad(Shape shape) throws Exception {
        Torrent leecher =
                session(1, shape.pads())
                        .add(
                                METAINFO,
                                new MemoryStore(CONTENT.length),
                                Lab.QUICK_BUT_BEARS_SILENCE);
        try (Listener port = lab.host(2).listen(lab.socket(2))) {
            leecher.addPeers(List.of(Lab.address(2)));
            try (Link link = port.accept()) {
                assertThat(pad(link, shape)).matches(pad -> pad.chars().allMatch(shape.octet()));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void answers_begin_with_a_key_and_such_a_pad(Shape shape) throws Exception {
        session(1, shape.pads())
                .add(METAINFO, new MemoryStore(CONTENT), Lab.QUICK_BUT_BEARS_SILENCE)
                .completed()
                .join();
        try (Link link = lab.host(2).connect(lab.socket(1), RawPeer.PATIENCE)) {
            byte[] key = new byte[KEY];
            new Random(1).nextBytes(key);
            key[0] = 1; // less than the prime
            link.write(ByteBuffer.wrap(key), RawPeer.PATIENCE);
            assertThat(pad(link, shape)).matches(pad -> pad.chars().allMatch(shape.octet()));
        }
    }

    /// The first bytes behind the key, one character each.
    private static String pad(Link link, Shape shape) throws IOException {
        ByteBuffer begin = ByteBuffer.allocate(KEY + shape.bytes());
        while (begin.hasRemaining()) {
            assertThat(link.read(begin, RawPeer.PATIENCE)).as("it hung up").isPositive();
        }
        return new String(begin.array(), KEY, shape.bytes(), ISO_8859_1);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pads")
    void two_sessions_understand_each_other_whatever_the_pads(String name, PadPolicy pads)
            throws Exception {
        Torrent seeder =
                session(1, pads)
                        .add(METAINFO, new MemoryStore(CONTENT), Lab.QUICK_BUT_BEARS_SILENCE);
        seeder.completed().join();
        var store = new MemoryStore(CONTENT.length);
        Torrent leecher = session(2, pads).add(METAINFO, store, Lab.QUICK_BUT_BEARS_SILENCE);
        leecher.addPeers(List.of(Lab.address(1)));
        leecher.completed().get();
        assertThat(store.content()).isEqualTo(CONTENT);
        Wait.until(() -> leecher.snapshot().encounters().outgoing().mseRc4() > 0);
        Wait.until(() -> seeder.snapshot().encounters().incoming().mseRc4() > 0);
    }

    @Test
    void the_pads_are_random_unless_said_otherwise() {
        assertThat(SessionSettings.DEFAULT.pads()).isSameAs(PadPolicy.RANDOM);
    }
}
