package dev.thistle.protocol.tracker;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.protocol.PeerAddress;
import dev.thistle.protocol.bencode.ByteString;
import dev.thistle.protocol.tracker.AnnounceAnswerWriter.Head;
import dev.thistle.protocol.tracker.AnnounceAnswerWriter.ListedPeer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnnounceAnswerWriterTest {

    private static final Head HEAD =
            new Head(Duration.ofMinutes(30), Duration.ofMinutes(15), new SwarmCounts(1, 2, 3, 2));
    private static final ByteString NONE = ByteString.of(new byte[0]);
    private static final ByteString IP = ByteString.of(new byte[] {1, 2, 3, 4});

    @Test
    void the_compact_form_always_has_peers() {
        assertThat(text(AnnounceAnswerWriter.compact(HEAD, NONE, NONE, null, IP)))
                .isEqualTo(
                        "d8:completei1e10:downloadedi3e11:external ip4:\1\2\3\4"
                                + "10:incompletei2e8:intervali1800e12:min intervali900e5:peers0:e");
    }

    @Test
    void the_compact_form_carries_crypto_flags_and_peers6_where_there_are_any() {
        var six = ByteString.of(new byte[6]);
        var eighteen = ByteString.of(new byte[18]);
        var flags = ByteString.of(new byte[] {1});

        assertThat(text(AnnounceAnswerWriter.compact(HEAD, six, eighteen, flags, IP)))
                .contains("12:crypto_flags1:\1", "6:peers618:");
    }

    @Test
    void the_list_form_has_text_addresses_and_peer_ids_where_they_are_wanted() {
        var v4 = PeerAddress.of(new byte[] {10, 0, 0, 1}, 6881);
        var peers = List.of(new ListedPeer(v4, Vectors.PEER_ID), new ListedPeer(v4, null));

        assertThat(text(AnnounceAnswerWriter.listed(HEAD, peers, IP)))
                .contains(
                        "5:peersld2:ip8:10.0.0.17:peer id20:-TH0100-abcdefghijkl4:porti6881ee"
                                + "d2:ip8:10.0.0.14:porti6881eee");
    }

    @Test
    void a_refusal_rounds_its_wait_up_to_minutes() {
        var soon = new RetryIn.After(Duration.ofSeconds(61));

        assertThat(text(AnnounceAnswerWriter.refused("no", soon)))
                .isEqualTo("d14:failure reason2:no8:retry ini2ee");
        assertThat(text(AnnounceAnswerWriter.refused("no", new RetryIn.Never())))
                .isEqualTo("d14:failure reason2:no8:retry in5:nevere");
        assertThat(text(AnnounceAnswerWriter.refused("no", new RetryIn.Unsaid())))
                .isEqualTo("d14:failure reason2:noe");
    }

    @Test
    void a_hidden_answer_has_no_external_ip_and_writes_i_and_n_unsigned() {
        var window = new ObfuscatedPeers.Window(-1, 7);
        var hidden = new ObfuscatedPeers(IP, window, ByteString.of(new byte[6]), NONE);

        assertThat(text(AnnounceAnswerWriter.obfuscated(HEAD, hidden)))
                .contains("1:ii4294967295e", "1:ni7e", "2:iv4:\1\2\3\4", "5:peers6:")
                .doesNotContain("external ip", "6:peers6");
    }

    @Test
    void an_empty_iv_is_never_sent() {
        assertThatThrownBy(() -> new ObfuscatedPeers(NONE, null, NONE, NONE))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, ISO_8859_1);
    }
}
