package dev.thistle.lab.background;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DnsMessageTest {

    /// Put together by hand from RFC 1035, 4.1: header, then `\3www\7example\3org\0`, A, IN.
    private static final String QUESTION =
            "beef 0100 0001 0000 0000 0000 0377777707 6578616d706c65 036f7267 00 0001 0001";

    /// The same, answered with 192.0.2.1 for 300 seconds.
    private static final String ANSWER =
            "beef 8180 0001 0001 0000 0000 0377777707 6578616d706c65 036f7267 00 0001 0001"
                    + " c00c 0001 0001 0000012c 0004 c0000201";

    private static final DnsMessage ASKED =
            new DnsMessage(0xBEEF, "www.example.org", Optional.empty());

    @Test
    void a_question_is_written_as_the_rfc_draws_it() {
        assertThat(hex(ASKED.write())).isEqualTo(QUESTION.replace(" ", ""));
        assertThat(DnsMessage.read(bytes(QUESTION))).contains(ASKED);
    }

    @Test
    void an_answer_repeats_the_question_and_has_an_address() {
        DnsMessage answered = ASKED.answer(0xC000_0201);
        assertThat(hex(answered.write())).isEqualTo(ANSWER.replace(" ", ""));
        assertThat(DnsMessage.read(bytes(ANSWER))).contains(answered);
    }

    @Test
    void what_is_cut_short_or_too_long_is_dropped() {
        for (String whole : new String[] {QUESTION, ANSWER}) {
            int length = bytes(whole).remaining();
            for (int cut = 0; cut < length; cut++) {
                assertThat(DnsMessage.read(bytes(whole).limit(cut))).as("%d", cut).isEmpty();
            }
            assertThat(DnsMessage.read(bytes(whole + "00"))).isEmpty();
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void damage_never_does_worse_than_another_message_or_none(long seed) {
        var random = new Random(seed);
        ByteBuffer damaged = bytes(seed % 2 == 0 ? QUESTION : ANSWER);
        for (int i = 0; i < 3; i++) {
            damaged.put(random.nextInt(damaged.limit()), (byte) random.nextInt());
        }
        DnsMessage.read(damaged)
                .ifPresent(message -> assertThat(DnsMessage.read(message.write())).isPresent());
    }

    static LongStream seeds() {
        return LongStream.range(0, 200);
    }

    private static ByteBuffer bytes(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    private static String hex(ByteBuffer bytes) {
        byte[] all = new byte[bytes.remaining()];
        bytes.get(all);
        return HexFormat.of().formatHex(all);
    }
}
