package dev.thistle.protocol.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.PeerAddress;
import dev.thistle.protocol.bencode.ByteString;
import dev.thistle.protocol.peer.ExtensionMessage.DontHave;
import dev.thistle.protocol.peer.ExtensionMessage.ExchangedPeer;
import dev.thistle.protocol.peer.ExtensionMessage.MetadataBlock;
import dev.thistle.protocol.peer.ExtensionMessage.MetadataReject;
import dev.thistle.protocol.peer.ExtensionMessage.MetadataRequest;
import dev.thistle.protocol.peer.ExtensionMessage.PeersChanged;
import dev.thistle.protocol.peer.ExtensionMessage.Unheard;
import dev.thistle.protocol.peer.ExtensionMessage.UploadOnly;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExtensionMessageTest {

    private static final PeerAddress V4 = PeerAddress.of(new byte[] {1, 2, 3, 4}, 6881);
    private static final PeerAddress V6 = PeerAddress.of(new byte[16], 6882);

    private static ByteBuffer latin(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static ExtensionMessage metadata(String payload) throws MalformedException {
        return ExtensionMessage.decode(Extension.UT_METADATA, latin(payload));
    }

    private static PeersChanged pex(String payload) throws MalformedException {
        return (PeersChanged) ExtensionMessage.decode(Extension.UT_PEX, latin(payload));
    }

    /// Both libtorrents of the captures announce ut_metadata as 2 and upload_only as 3, as we do.
    @Test
    void captured_messages_are_read_and_written_alike() throws Exception {
        List<ExtensionMessage> heard = new ArrayList<>();
        for (PeerWireCaptures.Frame frame : PeerWireCaptures.frames().toList()) {
            byte[] bytes = frame.bytes().bytes();
            if (frame.kind().equals("20") && bytes[5] != 0) {
                ByteBuffer payload = ByteBuffer.wrap(bytes, 6, bytes.length - 6).slice();
                Extension extension = Extension.ofId(bytes[5]).orElseThrow();
                ExtensionMessage message = ExtensionMessage.decode(extension, payload.duplicate());
                assertThat(message.encode()).as(frame.toString()).isEqualTo(payload);
                heard.add(message);
            }
        }
        assertThat(heard)
                .contains(new MetadataRequest(0), new UploadOnly(false))
                .hasAtLeastOneElementOfType(MetadataBlock.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 16 * 1024, 16 * 1024 + 1, MetadataCodec.MAX_INFO_BYTES})
    void a_block_of_metadata_has_the_length_that_the_total_gives_it(int total) throws Exception {
        int last = MetadataCodec.blockCount(total) - 1;
        byte[] data = new byte[MetadataCodec.blockBytes(last, total)];
        var block = new MetadataBlock(last, total, ByteString.of(data));
        ByteBuffer payload = block.encode();
        assertThat(payload.remaining()).isLessThanOrEqualTo(MetadataCodec.MAX_BYTES);
        assertThat(ExtensionMessage.decode(Extension.UT_METADATA, payload.duplicate()))
                .isEqualTo(block);
        payload.limit(payload.limit() - 1);
        assertThatThrownBy(() -> ExtensionMessage.decode(Extension.UT_METADATA, payload))
                .isInstanceOf(MalformedException.class)
                .hasMessageStartingWith("ut_metadata.data at byte ")
                .hasMessageContaining("%d bytes, allowed %d", data.length - 1, data.length);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "d8:msg_typei1e5:piecei1e10:total_sizei16384ee | ut_metadata.piece at byte 0: 1, allowed 0..0",
                "d8:msg_typei1e5:piecei0e10:total_sizei0ee | ut_metadata.total_size at byte 0: 0, allowed 1..31457280",
                "d8:msg_typei1e5:piecei0e10:total_sizei31457281ee | ut_metadata.total_size",
                "d8:msg_typei1e5:piecei0ee | ut_metadata.total_size at byte 0: -1",
                "d8:msg_typei0e5:piecei1920ee | ut_metadata.piece at byte 0: 1920, allowed 0..1919",
                "d8:msg_typei0e5:piecei-1ee | ut_metadata.piece at byte 0: -1",
                "d8:msg_typei0ee | ut_metadata.piece",
                "d5:piecei0ee | ut_metadata.msg_type",
                "i1e | ut_metadata at byte 0: not a dictionary",
                "d8:msg_type | bencode at byte 11"
            })
    void what_breaks_a_rule_of_metadata_is_refused(String payload, String error) {
        assertThatThrownBy(() -> metadata(payload))
                .isInstanceOf(MalformedException.class)
                .hasMessageStartingWith(error);
    }

    @Test
    void kinds_of_metadata_messages_that_we_do_not_know_are_passed_over() throws Exception {
        assertThat(metadata("d8:msg_typei3e5:helloi0ee")).isEqualTo(new Unheard());
    }

    @Test
    void requests_and_rejects_of_metadata_are_bare_dictionaries() throws Exception {
        assertThat(new MetadataRequest(3).encode()).isEqualTo(latin("d8:msg_typei0e5:piecei3ee"));
        assertThat(metadata("d8:msg_typei2e5:piecei7ee")).isEqualTo(new MetadataReject(7));
        assertThat(new MetadataReject(7).encode()).isEqualTo(latin("d8:msg_typei2e5:piecei7ee"));
    }

    @Test
    void peers_of_both_families_are_exchanged_with_their_flags() throws Exception {
        var changed =
                new PeersChanged(
                        List.of(
                                new ExchangedPeer(V4, PeerExchangeCodec.UPLOAD_ONLY),
                                new ExchangedPeer(V6, 0x11)),
                        List.of(V6, V4));
        ByteBuffer payload = changed.encode();
        assertThat(ExtensionMessage.decode(Extension.UT_PEX, payload.duplicate()))
                .isEqualTo(new PeersChanged(changed.added(), List.of(V4, V6)));
        String text = StandardCharsets.ISO_8859_1.decode(payload).toString();
        assertThat(text)
                .startsWith("d5:added6:\1\2\3\4\u001a\u00e17:added.f1:\2")
                .contains("8:added6.f1:\u0011");
    }

    /// libtorrent wants the flags even of an empty list.
    @Test
    void empty_lists_are_sent_with_empty_flags() {
        assertThat(new PeersChanged(List.of(), List.of()).encode())
                .isEqualTo(
                        latin(
                                "d5:added0:7:added.f0:6:added60:8:added6.f0:7:dropped0:8:dropped60:e"));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "d5:added8:abcdefghe", // half an entry at the end
                "d5:added6:abcdef7:added.f0:e",
                "d5:added6:abcdef7:added.f2:\u00ff\u00ffe",
                "d5:added6:abcdef7:added.fi1e6:added6i7e7:droppedlee"
            })
    void sloppy_lists_are_read_as_far_as_they_go(String payload) throws Exception {
        PeerAddress address = PeerAddress.of(new byte[] {'a', 'b', 'c', 'd'}, 'e' << 8 | 'f');
        assertThat(pex(payload))
                .isEqualTo(new PeersChanged(List.of(new ExchangedPeer(address, 0)), List.of()));
    }

    @Test
    void flags_that_mean_nothing_on_the_wire_are_masked() throws Exception {
        assertThat(pex("d5:added6:abcdef7:added.f1:\u00ffe").added().getFirst().flags())
                .isEqualTo(0x1f);
    }

    @Test
    void of_a_list_without_end_a_part_is_read() throws Exception {
        String list = "abcdef".repeat(1000);
        PeersChanged changed = pex("d5:added6000:" + list + "7:dropped6000:" + list + "e");
        assertThat(changed.added()).hasSize(PeerExchangeCodec.MAX_READ);
        assertThat(changed.dropped()).hasSize(PeerExchangeCodec.MAX_READ);
    }

    @Test
    void small_messages_have_exact_lengths() throws Exception {
        assertThat(ExtensionMessage.decode(Extension.UPLOAD_ONLY, latin("\1")))
                .isEqualTo(new UploadOnly(true));
        assertThat(ExtensionMessage.decode(Extension.LT_DONTHAVE, latin("\0\0\1\2")))
                .isEqualTo(new DontHave(258));
        assertThat(new DontHave(258).encode()).isEqualTo(latin("\0\0\1\2"));
        for (String wrong : List.of("", "\0\0\0", "\0\0\0\0\0", "\u00ff\0\0\0")) {
            assertThatThrownBy(() -> ExtensionMessage.decode(Extension.LT_DONTHAVE, latin(wrong)))
                    .isInstanceOf(MalformedException.class);
        }
        assertThatThrownBy(() -> ExtensionMessage.decode(Extension.UPLOAD_ONLY, latin("")))
                .isInstanceOf(MalformedException.class)
                .hasMessageStartingWith("upload_only at byte 0: 0 bytes, allowed 1");
    }

    static LongStream seeds() {
        return LongStream.range(0, 300);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void noise_is_read_or_malformed(long seed) {
        var random = new Random(seed);
        ByteBuffer[] honest = {
            new PeersChanged(List.of(new ExchangedPeer(V4, 1)), List.of(V6)).encode(),
            new MetadataBlock(0, 5, ByteString.utf8("hello")).encode(),
            new DontHave(5).encode()
        };
        for (int i = 0; i < 100; i++) {
            ByteBuffer source = honest[random.nextInt(honest.length)];
            byte[] noise = new byte[source.remaining()];
            source.get(source.position(), noise);
            for (int flips = random.nextInt(4); flips >= 0; flips--) {
                noise[random.nextInt(noise.length)] = (byte) random.nextInt(256);
            }
            for (Extension extension : Extension.values()) {
                try {
                    var _ = ExtensionMessage.decode(extension, ByteBuffer.wrap(noise));
                } catch (MalformedException malformed) {
                    assertThat(malformed.getMessage()).isNotBlank();
                }
            }
        }
    }
}
