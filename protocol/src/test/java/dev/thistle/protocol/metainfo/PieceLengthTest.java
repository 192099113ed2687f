package dev.thistle.protocol.metainfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PieceLengthTest {

    @ParameterizedTest
    @CsvSource({
        "0, 16384",
        "1, 16384",
        "32768000, 16384", // 2 000 pieces of 16 KiB
        "32768001, 32768",
        "104857600, 65536", // 100 MiB
        "4700000000, 4194304", // a DVD: 1 121 pieces
        "33554432000, 16777216",
        "1000000000000, 16777216",
        "35184372088832, 16777216", // 32 TiB: 2^21 pieces of 16 MiB
        "35184372088833, 33554432",
        "281474976710656, 134217728",
    })
    void grows_with_the_total(long total, int length) {
        assertThat(PieceLength.forTotal(total)).isEqualTo(length);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aims_at_one_to_two_thousand_pieces_and_no_reader_refuses_it(long seed) {
        var random = new Random(seed);
        long total = random.nextLong(MetainfoReader.MAX_LENGTH_BYTES) >> random.nextInt(40);

        int length = PieceLength.forTotal(total);

        long pieces = Math.ceilDiv(total, length);
        assertThat(Integer.bitCount(length)).isEqualTo(1);
        assertThat(pieces).isLessThanOrEqualTo(MetainfoReader.MAX_PIECES);
        if (length > PieceLength.MIN_BYTES && length < PieceLength.MAX_BYTES) {
            assertThat(pieces).isBetween(1_001L, 2_000L);
        }
    }

    @Test
    void a_total_no_torrent_has_is_our_bug() {
        assertThatThrownBy(() -> PieceLength.forTotal(-1))
                .hasMessage("-1 bytes in all, allowed 0..281474976710656");
        assertThatThrownBy(() -> PieceLength.forTotal(MetainfoReader.MAX_LENGTH_BYTES + 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    static LongStream seeds() {
        return LongStream.range(0, 300);
    }
}
