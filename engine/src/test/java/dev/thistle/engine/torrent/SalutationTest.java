package dev.thistle.engine.torrent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.InfoHashes;
import dev.thistle.protocol.PeerId;
import dev.thistle.protocol.Sha256;
import dev.thistle.protocol.peer.Handshake;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The values that libtorrent 2.0.8 was seen to send.
class SalutationTest {

    private static final PeerId ID = PeerId.random("-XX0100-", new Random(1));
    private static final InfoHash V1 = InfoHash.ofHex("aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d");
    private static final Sha256 V2 = Sha256.read(ByteBuffer.wrap(new byte[32]));
    private static final InfoHash CUT = InfoHash.read(ByteBuffer.wrap(new byte[20]));

    private static final long PLAIN = 0x10_00_04L;
    private static final long OFFER = 0x10_00_14L;

    private final Salutation hybrid = new Salutation(InfoHashes.hybrid(V1, V2), ID);

    private static Handshake says(long reserved, InfoHash name) {
        return new Handshake(reserved, name, ID);
    }

    @Test
    void a_hybrid_is_called_by_v1_with_an_offer_and_in_its_v2_swarm_by_v2() {
        assertThat(hybrid.call(false)).isEqualTo(says(OFFER, V1));
        assertThat(hybrid.call(true)).isEqualTo(says(OFFER, CUT));
        assertThat(hybrid.answers()).containsExactly(V1, CUT);
    }

    @Test
    void who_offers_the_upgrade_is_answered_with_v2_and_nobody_else() {
        assertThat(hybrid.answer(V1, OFFER)).isEqualTo(says(PLAIN, CUT));
        assertThat(hybrid.answer(V1, PLAIN)).isEqualTo(says(PLAIN, V1));
        assertThat(hybrid.answer(CUT, PLAIN)).isEqualTo(says(PLAIN, CUT));
    }

    @Test
    void a_torrent_of_one_version_has_one_name_and_offers_nothing() {
        var v1 = new Salutation(InfoHashes.v1(V1), ID);
        assertThat(v1.call(true)).isEqualTo(says(PLAIN, V1));
        assertThat(v1.answer(V1, OFFER)).isEqualTo(says(PLAIN, V1));
        var v2 = new Salutation(InfoHashes.v2(V2), ID);
        assertThat(v2.call(false)).isEqualTo(says(PLAIN, CUT));
        assertThat(v2.answer(CUT, OFFER)).isEqualTo(says(PLAIN, CUT));
    }
}
