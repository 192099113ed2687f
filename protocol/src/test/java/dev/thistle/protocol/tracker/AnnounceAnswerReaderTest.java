package dev.thistle.protocol.tracker;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.PeerAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnnounceAnswerReaderTest {

    private static final PeerAddress A = PeerAddress.of(new byte[] {10, 0, 0, 1}, 0x1AE1);
    private static final PeerAddress B = PeerAddress.of(new byte[] {10, 0, 0, 2}, 0x1AE2);

    @Test
    void an_ordinary_answer_is_read_whole() throws Exception {
        var answer =
                accepted(
                        "d8:completei5e10:incompletei7e8:intervali900e12:min intervali60e"
                                + "5:peers12:\n\0\0\1\u001a\u00e1\n\0\0\2\u001a\u00e2"
                                + "10:tracker id2:xy15:warning message4:slow"
                                + "11:external ip4:\1\2\3\4"
                                + "12:crypto_flags2:\0\1e");

        assertThat(answer.interval()).isEqualTo(Duration.ofMinutes(15));
        assertThat(answer.minInterval()).contains(Duration.ofMinutes(1));
        assertThat(answer.peers()).containsExactly(A, B);
        assertThat(answer.complete()).isEqualTo(5);
        assertThat(answer.incomplete()).isEqualTo(7);
        assertThat(answer.warning()).contains("slow");
        assertThat(answer.trackerId()).contains("xy");
        assertThat(answer.obfuscated()).isFalse();
        assertThat(answer.requireCrypto()).containsExactly(B);
        assertThat(answer.externalIp().orElseThrow().length()).isEqualTo(4);
    }

    @Test
    void an_empty_dictionary_is_an_answer_without_peers() throws Exception {
        var answer = accepted("de");

        assertThat(answer.peers()).isEmpty();
        assertThat(answer.interval()).isEqualTo(Duration.ofMinutes(30));
        assertThat(answer.complete()).isEqualTo(-1);
    }

    @Test
    void the_list_form_is_read_and_host_names_are_left_out() throws Exception {
        var answer =
                accepted(
                        "d5:peersld2:ip8:10.0.0.14:porti6881eed2:ip11:example.org4:porti1eed"
                                + "2:ip13:2001:db8::1:24:porti9eed2:ip3:::14:porti0eeee");

        assertThat(answer.peers())
                .map(PeerAddress::toString)
                .containsExactly("10.0.0.1:6881", "[2001:0db8:0000:0000:0000:0000:0001:0002]:9");
    }

    @Test
    void undialable_entries_and_duplicates_and_half_entries_are_left_out() throws Exception {
        var answer =
                accepted(
                        "d5:peers28:\n\0\0\1\u001a\u00e1\n\0\0\1\u001a\u00e1\n\0\0\1\0\0"
                                + "\u00e0\0\0\1\u001a\u00e1\1\2\3\4e");

        assertThat(answer.peers()).containsExactly(A);
    }

    @Test
    void peers6_is_read_beside_peers() throws Exception {
        var answer =
                accepted(
                        "d5:peers6:\n\0\0\1\u001a\u00e16:peers618: \1\r\u00b8\0\0\0\0\0\0\0\0\0\0\0\1\0\7e");

        assertThat(answer.peers()).hasSize(2).contains(A);
    }

    @Test
    void crypto_flags_of_another_length_are_ignored() throws Exception {
        assertThat(
                        accepted("d12:crypto_flags2:\1\0015:peers6:\n\0\0\1\u001a\u00e1e")
                                .requireCrypto())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "8:retry ini5e, After[delay=PT5M]",
        "8:retry in2:30, After[delay=PT30M]",
        "8:retry in5:never, Never[]",
        "8:retry in3:now, Unsaid[]",
        "8:retry ini-5e, Unsaid[]",
        "8:retry ini9223372036854775807e, After[delay=PT87600H]",
        "'', Unsaid[]",
    })
    void a_refusal_says_when_to_come_back(String extra, String expected) throws Exception {
        var answer = (AnnounceAnswer.Refused) read("d14:failure reason7:go away" + extra + "e");

        assertThat(answer.reason()).isEqualTo("go away");
        assertThat(answer.retryIn()).hasToString(expected);
    }

    @Test
    void text_for_people_is_one_short_line() throws Exception {
        var answer =
                (AnnounceAnswer.Refused)
                        read("d14:failure reason1000:a\u001b[31m\nb" + "x".repeat(992) + "e");

        assertThat(answer.reason()).startsWith("a [31m b").hasSize(300);
    }

    @Test
    void keys_in_any_order_and_white_space_behind_the_end_are_tolerated() throws Exception {
        assertThat(accepted("d5:peers0:8:intervali60ee\r\n ").interval())
                .isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void oddly_typed_side_fields_count_as_absent() throws Exception {
        var answer = accepted("d8:completele8:interval2:6010:incompletei-9e10:tracker idi5ee");

        assertThat(answer.interval()).isEqualTo(Duration.ofMinutes(1));
        assertThat(answer.complete()).isEqualTo(-1);
        assertThat(answer.incomplete()).isEqualTo(-1);
        assertThat(answer.trackerId()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"le", "i5e", "d5:peersi5ee", "dex", "d", "''", "<html>"})
    void what_is_no_answer_is_malformed(String body) {
        assertThatThrownBy(() -> read(body)).isInstanceOf(MalformedException.class);
    }

    @Test
    void a_body_over_2_MiB_is_refused_before_it_is_read() {
        var body = ByteBuffer.allocate(AnnounceAnswerReader.MAX_BODY_BYTES + 1);

        assertThatThrownBy(() ->
                        AnnounceAnswerReader.read(
                                body, Vectors.request(), AnnounceForm.CLEAR, Reach.INTERNET))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("answer: 2097153 bytes, allowed 2097152");
    }

    private static AnnounceAnswer.Accepted accepted(String body) throws MalformedException {
        return (AnnounceAnswer.Accepted) read(body);
    }

    private static AnnounceAnswer read(String body) throws MalformedException {
        return AnnounceAnswerReader.read(
                ByteBuffer.wrap(body.getBytes(ISO_8859_1)),
                Vectors.request(),
                AnnounceForm.CLEAR,
                Reach.INTERNET);
    }
}
