package dev.thistle.engine.pieces;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.engine.pieces.PiecePicker.Block;
import dev.thistle.protocol.peer.PeerMessageCodec;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PiecePickerTest {

    private static final int BLOCK = PeerMessageCodec.BLOCK_BYTES;
    private static final int ALICE = 1;
    private static final int BOB = 2;
    private static final int CAROL = 3;

    /// Pieces of `blocks` blocks each.
    private static PiecePicker picker(int pieces, int blocks, long seed) {
        return new PiecePicker(pieces, _ -> blocks * BLOCK, new Random(seed));
    }

    private static BitSet all(int pieces) {
        var all = new BitSet();
        all.set(0, pieces);
        return all;
    }

    private static BitSet only(int... pieces) {
        var some = new BitSet();
        IntStream.of(pieces).forEach(some::set);
        return some;
    }

    private static void complete(PiecePicker picker, int piece) {
        picker.found(piece);
    }

    private static Set<Integer> pieces(List<Block> blocks) {
        return new HashSet<>(blocks.stream().map(Block::piece).toList());
    }

    @Test
    void the_first_four_pieces_are_random_although_others_are_rarer() {
        Set<Integer> firsts = new HashSet<>();
        for (int seed = 0; seed < 60; seed++) {
            PiecePicker picker = picker(10, 1, seed);
            picker.peerJoined(all(10));
            picker.peerJoined(only(0, 1, 2, 3, 4, 5, 6, 7, 8)); // 9 is the rarest
            firsts.add(picker.pick(ALICE, all(10), 1).getFirst().piece());
        }
        assertThat(firsts).hasSize(10);
    }

    @Test
    void after_four_pieces_the_rarest_comes_first() {
        for (int seed = 0; seed < 60; seed++) {
            PiecePicker picker = picker(10, 1, seed);
            picker.peerJoined(all(10));
            picker.peerJoined(only(0, 1, 2, 3, 4, 5, 6, 7, 8));
            picker.peerJoined(only(0, 1, 2, 3, 4, 5, 6));
            IntStream.range(0, 4).forEach(piece -> complete(picker, piece));
            List<Block> picked = picker.pick(ALICE, all(10), 3);
            assertThat(picked.getFirst().piece()).isEqualTo(9);
            assertThat(pieces(picked)).containsExactlyInAnyOrder(7, 8, 9);
        }
    }

    @Test
    void the_last_block_of_a_piece_is_shorter() {
        var picker = new PiecePicker(1, _ -> 2 * BLOCK + 5, new Random(1));
        assertThat(picker.pick(ALICE, all(1), 9))
                .containsExactly(
                        new Block(0, 0, BLOCK),
                        new Block(0, BLOCK, BLOCK),
                        new Block(0, 2 * BLOCK, 5));
    }

    @Test
    void a_peer_goes_on_with_the_piece_it_has_begun() {
        PiecePicker picker = picker(10, 4, 1);
        int begun = picker.pick(ALICE, all(10), 1).getFirst().piece();
        assertThat(pieces(picker.pick(ALICE, all(10), 3))).containsExactly(begun);
    }

    @Test
    void another_peer_begins_a_piece_of_its_own() {
        PiecePicker picker = picker(10, 4, 1);
        int alices = picker.pick(ALICE, all(10), 1).getFirst().piece();
        assertThat(pieces(picker.pick(BOB, all(10), 4))).hasSize(1).doesNotContain(alices);
    }

    @Test
    void a_peer_helps_with_another_ones_piece_when_it_has_nothing_else() {
        PiecePicker picker = picker(2, 4, 1);
        picker.pick(ALICE, only(0), 1);
        assertThat(picker.pick(BOB, only(0), 9))
                .containsExactly(
                        new Block(0, BLOCK, BLOCK),
                        new Block(0, 2 * BLOCK, BLOCK),
                        new Block(0, 3 * BLOCK, BLOCK));
    }

    @Test
    void a_piece_whose_sender_is_gone_is_taken_over_before_a_new_one_is_begun() {
        PiecePicker picker = picker(10, 4, 1);
        int orphan = picker.pick(ALICE, all(10), 2).getFirst().piece();
        picker.arrived(ALICE, orphan, 0);
        picker.peerLeft(ALICE, all(10), true);
        assertThat(picker.pick(BOB, all(10), 3))
                .containsExactly(
                        new Block(orphan, BLOCK, BLOCK),
                        new Block(orphan, 2 * BLOCK, BLOCK),
                        new Block(orphan, 3 * BLOCK, BLOCK));
        assertThat(pieces(picker.pick(CAROL, all(10), 1))).doesNotContain(orphan);
    }

    @Test
    void no_block_is_asked_twice_before_the_endgame() {
        PiecePicker picker = picker(6, 3, 1);
        Set<Block> asked = new HashSet<>();
        for (int peer = 0; peer < 17; peer++) { // 17 of 18 blocks
            assertThat(picker.pick(peer, all(6), 1)).hasSize(1).allMatch(asked::add);
        }
        assertThat(picker.pick(99, all(6), 1)).hasSize(1).allMatch(asked::add);
        assertThat(asked).hasSize(18);
    }

    @Test
    void a_peer_without_wanted_pieces_is_asked_for_nothing() {
        PiecePicker picker = picker(3, 1, 1);
        complete(picker, 0);
        assertThat(picker.pick(ALICE, only(0), 9)).isEmpty();
        assertThat(picker.pick(ALICE, new BitSet(), 9)).isEmpty();
    }

    @Test
    void there_is_no_endgame_while_a_piece_is_not_begun() {
        PiecePicker picker = picker(2, 1, 1);
        picker.pick(ALICE, only(0), 9);
        assertThat(picker.pick(BOB, only(0), 9)).isEmpty();
    }

    @Test
    void the_endgame_asks_up_to_four_peers_for_a_block_and_nobody_twice() {
        PiecePicker picker = picker(1, 1, 1);
        for (int peer = 0; peer < PiecePicker.MAX_ASKED; peer++) {
            assertThat(picker.pick(peer, all(1), 9)).containsExactly(new Block(0, 0, BLOCK));
            assertThat(picker.pick(peer, all(1), 9)).isEmpty();
        }
        assertThat(picker.pick(99, all(1), 9)).isEmpty();
    }

    @Test
    void the_endgame_asks_for_the_least_asked_blocks_first() {
        PiecePicker picker = picker(1, 3, 1);
        picker.pick(ALICE, all(1), 3);
        picker.pick(BOB, all(1), 2); // the first two blocks are asked twice now
        assertThat(picker.pick(CAROL, all(1), 2))
                .containsExactly(new Block(0, 2 * BLOCK, BLOCK), new Block(0, 0, BLOCK));
    }

    @Test
    void an_arrived_block_names_the_others_that_can_be_spared() {
        PiecePicker picker = picker(1, 2, 1);
        picker.pick(ALICE, all(1), 2);
        picker.pick(BOB, all(1), 2);
        picker.pick(CAROL, all(1), 1);
        assertThat(picker.arrived(BOB, 0, 0)).containsExactlyInAnyOrder(ALICE, CAROL);
        assertThat(picker.arrived(ALICE, 0, 0)).isEmpty();
        assertThat(picker.arrived(ALICE, 0, BLOCK)).containsExactly(BOB);
    }

    @Test
    void a_released_block_is_free_for_others() {
        PiecePicker picker = picker(1, 2, 1);
        picker.pick(ALICE, all(1), 2);
        picker.released(ALICE, 0, BLOCK);
        assertThat(picker.pick(BOB, all(1), 1)).containsExactly(new Block(0, BLOCK, BLOCK));
    }

    @Test
    void a_choke_gives_all_blocks_back() {
        PiecePicker picker = picker(3, 2, 1);
        List<Block> asked = picker.pick(ALICE, all(3), 6);
        picker.releaseAll(ALICE);
        assertThat(picker.pick(BOB, all(3), 6)).containsExactlyInAnyOrderElementsOf(asked);
    }

    @Test
    void a_block_released_by_one_of_several_is_still_owed_by_the_others() {
        PiecePicker picker = picker(1, 1, 1);
        picker.pick(ALICE, all(1), 1);
        picker.pick(BOB, all(1), 1);
        picker.releaseAll(ALICE);
        assertThat(picker.arrived(CAROL, 0, 0)).containsExactly(BOB);
    }

    @Test
    void a_block_that_comes_after_its_release_counts() {
        PiecePicker picker = picker(1, 2, 1);
        picker.pick(ALICE, all(1), 2);
        picker.releaseAll(ALICE);
        assertThat(picker.arrived(ALICE, 0, 0)).isEmpty();
        assertThat(picker.pick(BOB, all(1), 9)).containsExactly(new Block(0, BLOCK, BLOCK));
    }

    @Test
    void a_verified_piece_is_had_and_never_asked_for_again() {
        PiecePicker picker = picker(2, 1, 1);
        picker.pick(ALICE, only(1), 1);
        picker.arrived(ALICE, 1, 0);
        picker.verified(1);
        assertThat(picker.has(1)).isTrue();
        assertThat(picker.haveCount()).isEqualTo(1);
        assertThat(picker.have()).isEqualTo(only(1));
        assertThat(picker.isBegun(1)).isFalse();
        assertThat(picker.isComplete()).isFalse();
        assertThat(picker.pick(BOB, all(2), 9)).extracting(Block::piece).containsOnly(0);
    }

    @Test
    void a_failed_piece_names_its_senders_and_is_wanted_again() {
        PiecePicker picker = picker(1, 2, 1);
        picker.pick(ALICE, all(1), 1);
        picker.pick(BOB, all(1), 1);
        picker.arrived(ALICE, 0, 0);
        picker.arrived(BOB, 0, BLOCK);
        assertThat(picker.failed(0)).containsExactly(ALICE, BOB);
        assertThat(picker.pick(CAROL, all(1), 9)).hasSize(2);
    }

    @Test
    void after_a_failure_one_peer_alone_is_asked_for_the_piece() {
        PiecePicker picker = picker(1, 3, 1);
        picker.pick(ALICE, all(1), 3);
        picker.failed(0);
        assertThat(picker.pick(BOB, all(1), 1)).hasSize(1);
        assertThat(picker.pick(CAROL, all(1), 9)).isEmpty();
        assertThat(picker.pick(BOB, all(1), 9)).hasSize(2);
        assertThat(picker.pick(CAROL, all(1), 9)).as("not in the endgame either").isEmpty();
    }

    @Test
    void the_sole_sender_of_a_piece_is_replaced_when_it_leaves() {
        PiecePicker picker = picker(1, 2, 1);
        picker.pick(ALICE, all(1), 2);
        picker.failed(0);
        picker.pick(BOB, all(1), 2);
        picker.peerLeft(BOB, all(1), false);
        assertThat(picker.pick(CAROL, all(1), 9)).hasSize(2);
    }

    /// A peer with the fast extension that chokes rejects each block by name.
    @Test
    void the_sole_sender_of_a_piece_is_replaced_when_it_rejects_what_it_was_asked_for() {
        PiecePicker picker = picker(1, 2, 1);
        picker.pick(ALICE, all(1), 2);
        picker.failed(0);
        picker.pick(BOB, all(1), 2);
        picker.released(BOB, 0, 0);
        picker.released(BOB, 0, BLOCK);
        assertThat(picker.pick(CAROL, all(1), 9)).hasSize(2);
    }

    @Test
    void a_piece_found_on_disk_is_not_asked_for() {
        PiecePicker picker = picker(3, 1, 1);
        picker.found(0);
        picker.found(2);
        assertThat(picker.pick(ALICE, all(3), 9)).extracting(Block::piece).containsExactly(1);
        picker.verified(1);
        assertThat(picker.isComplete()).isTrue();
    }

    @Test
    void what_comes_for_a_piece_that_is_over_is_ignored() {
        PiecePicker picker = picker(1, 1, 1);
        assertThat(picker.arrived(ALICE, 0, 0)).isEmpty();
        picker.released(ALICE, 0, 0);
        picker.releaseAll(ALICE);
        assertThat(picker.pick(ALICE, all(1), 9)).hasSize(1);
    }
}
