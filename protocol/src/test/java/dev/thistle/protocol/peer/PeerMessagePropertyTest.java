package dev.thistle.protocol.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.bencode.ByteString;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What holds for every message and for every junk. A failure names its seed.
class PeerMessagePropertyTest {

    static LongStream seeds() {
        return LongStream.range(0, 300);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void what_was_encoded_is_decoded_alike(long seed) throws Exception {
        var random = new Random(seed);
        List<PeerMessage> said = new ArrayList<>();
        ByteBuffer stream = ByteBuffer.allocate(64 * 1024);
        for (int i = 0; i < 20; i++) {
            PeerMessage message = message(random);
            said.add(message);
            PeerMessageCodec.encode(message, stream);
        }
        stream.flip();
        List<PeerMessage> heard = new ArrayList<>();
        while (stream.hasRemaining()) {
            int bytes = PeerMessageCodec.frameBytes(stream);
            heard.add(PeerMessageCodec.decode(stream.slice(stream.position() + 4, bytes - 4)));
            stream.position(stream.position() + bytes);
        }
        assertThat(heard).isEqualTo(said);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void random_bytes_are_decoded_or_malformed(long seed) {
        var random = new Random(seed);
        for (int i = 0; i < 200; i++) {
            byte[] junk = new byte[random.nextInt(40)];
            random.nextBytes(junk);
            if (junk.length > 0 && random.nextBoolean()) {
                junk[0] = (byte) random.nextInt(24); // more often one of the known ids
            }
            assertMalformedAtMost(() -> PeerMessageCodec.decode(ByteBuffer.wrap(junk)));
            assertMalformedAtMost(() -> PeerMessageCodec.frameBytes(ByteBuffer.wrap(junk)));
            assertMalformedAtMost(() -> ExtendedHandshake.decode(ByteBuffer.wrap(junk)));
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void a_mutated_capture_is_decoded_or_malformed(long seed) {
        var random = new Random(seed);
        List<PeerWireCaptures.Frame> captured = CAPTURED;
        for (int i = 0; i < 50; i++) {
            byte[] frame = captured.get(random.nextInt(captured.size())).bytes().bytes();
            int flips = 1 + random.nextInt(4);
            for (int flip = 0; flip < flips; flip++) {
                frame[random.nextInt(frame.length)] = (byte) random.nextInt(256);
            }
            int end = random.nextInt(frame.length + 1);
            ByteBuffer in = ByteBuffer.wrap(frame, Math.min(4, end), Math.max(0, end - 4));
            assertMalformedAtMost(() -> {
                if (PeerMessageCodec.decode(in) instanceof PeerMessage.Extended(_, var payload)) {
                    var _ = ExtendedHandshake.decode(payload);
                }
            });
        }
    }

    private static final List<PeerWireCaptures.Frame> CAPTURED = PeerWireCaptures.frames().toList();

    private static void assertMalformedAtMost(ThrowingCallable code) {
        assertThatCode(
                        () -> {
                            try {
                                code.call();
                            } catch (MalformedException malformed) {
                                assertThat(malformed.getMessage()).isNotBlank();
                            }
                        })
                .doesNotThrowAnyException();
    }

    private static PeerMessage message(Random random) {
        int a = random.nextInt() & Integer.MAX_VALUE;
        int b = random.nextInt() & Integer.MAX_VALUE;
        int length = 1 + random.nextInt(PeerMessageCodec.MAX_REQUEST_BYTES);
        byte[] bytes = new byte[random.nextInt(2000)];
        random.nextBytes(bytes);
        ByteBuffer data = ByteBuffer.wrap(bytes);
        return switch (random.nextInt(19)) {
            case 0 -> new PeerMessage.KeepAlive();
            case 1 -> new PeerMessage.Choke();
            case 2 -> new PeerMessage.Unchoke();
            case 3 -> new PeerMessage.Interested();
            case 4 -> new PeerMessage.NotInterested();
            case 5 -> new PeerMessage.Have(a);
            case 6 -> new PeerMessage.Bitfield(data);
            case 7 -> new PeerMessage.Request(a, b, length);
            case 8 -> new PeerMessage.Piece(a, b, data);
            case 9 -> new PeerMessage.Cancel(a, b, length);
            case 10 -> new PeerMessage.Port(random.nextInt(65536));
            case 11 -> new PeerMessage.SuggestPiece(a);
            case 12 -> new PeerMessage.HaveAll();
            case 13 -> new PeerMessage.HaveNone();
            case 14 -> new PeerMessage.RejectRequest(a, b, length);
            case 15 -> new PeerMessage.HashRequest(range(random));
            case 16 -> {
                byte[] hashes = new byte[32 * random.nextInt(20)];
                random.nextBytes(hashes);
                yield new PeerMessage.Hashes(range(random), ByteString.of(hashes));
            }
            case 17 -> new PeerMessage.HashReject(range(random));
            default -> new PeerMessage.Extended(random.nextInt(256), data);
        };
    }

    private static HashRange range(Random random) {
        byte[] root = new byte[32];
        random.nextBytes(root);
        int big = random.nextInt() & Integer.MAX_VALUE;
        return new HashRange(ByteString.of(root), random.nextInt(40), big, random.nextInt(1000), 3);
    }
}
