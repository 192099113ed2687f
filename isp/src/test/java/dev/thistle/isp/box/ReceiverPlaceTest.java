package dev.thistle.isp.box;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.isp.packet.Packet;
import java.util.BitSet;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReceiverPlaceTest {

    private static Packet segment(int sequence, int bytes) {
        return Segments.packet(
                Segments.tcp(BoxRig.ALICE, BoxRig.OLGA, sequence, 0, Packet.ACK, bytes));
    }

    static LongStream seeds() {
        return LongStream.range(0, 200);
    }

    /// Against a receiver that marks every byte it has got.
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void expects_what_a_receiver_that_keeps_every_byte_expects(long seed) {
        var random = new Random(seed);
        int origin = random.nextInt();
        var got = new BitSet();
        var place = new ReceiverPlace();
        place.acknowledged(origin);
        for (int i = 0; i < 60; i++) {
            int offset = random.nextInt(400);
            int bytes = random.nextInt(40);
            got.set(offset, offset + bytes);
            place.delivered(segment(origin + offset, bytes));
            assertThat(place.expected() - origin).isEqualTo(got.nextClearBit(0));
        }
    }

    @Test
    void syn_and_fin_take_a_number_each() {
        var place = new ReceiverPlace();
        place.delivered(
                Segments.packet(Segments.tcp(BoxRig.ALICE, BoxRig.OLGA, -1, 0, Packet.SYN, 0)));
        assertThat(place.expected()).isZero();
        place.delivered(
                Segments.packet(Segments.tcp(BoxRig.ALICE, BoxRig.OLGA, 0, 0, Packet.FIN, 10)));
        assertThat(place.expected()).isEqualTo(11);
    }

    @Test
    void what_the_receiver_says_closes_a_gap() {
        var place = new ReceiverPlace();
        place.acknowledged(100);
        place.delivered(segment(200, 50));
        place.acknowledged(150);
        assertThat(place.expected()).isEqualTo(150);
        place.acknowledged(200);
        assertThat(place.expected()).isEqualTo(250);
    }
}
