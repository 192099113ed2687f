package dev.thistle.engine.pieces;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.engine.pieces.PiecePicker.Asker;
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

    private static List<Block> pick(PiecePicker picker, int peer, BitSet pieces, int count) {
        return picker.pick(new Asker(peer, pieces, true), count, 0);
    }

    private static List<Block> pickSlowly(PiecePicker picker, int peer, BitSet pieces, int count) {
        return picker.pick(new Asker(peer, pieces, false), count, 0);
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
            firsts.add(pick(picker, ALICE, all(10), 1).getFirst().piece());
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
            List<Block> picked = pick(picker, ALICE, all(10), 3);
            assertThat(picked.getFirst().piece()).isEqualTo(9);
            assertThat(pieces(picked)).containsExactlyInAnyOrder(7, 8, 9);
        }
    }

    @Test
    void the_last_block_of_a_piece_is_shorter() {
        var picker = new PiecePicker(1, _ -> 2 * BLOCK + 5, new Random(1));
        assertThat(pick(picker, ALICE, all(1), 9))
                .containsExactly(
                        new Block(0, 0, BLOCK),
                        new Block(0, BLOCK, BLOCK),
                        new Block(0, 2 * BLOCK, 5));
    }

    @Test
    void a_peer_goes_on_with_the_piece_it_has_begun() {
        PiecePicker picker = picker(10, 4, 1);
        int begun = pick(picker, ALICE, all(10), 1).getFirst().piece();
        assertThat(pieces(pick(picker, ALICE, all(10), 3))).containsExactly(begun);
    }

    @Test
    void another_peer_begins_a_piece_of_its_own() {
        PiecePicker picker = picker(10, 4, 1);
        int alices = pick(picker, ALICE, all(10), 1).getFirst().piece();
        assertThat(pieces(pick(picker, BOB, all(10), 4))).hasSize(1).doesNotContain(alices);
    }

    @Test
    void a_peer_helps_with_another_ones_piece_when_it_has_nothing_else() {
        PiecePicker picker = picker(2, 4, 1);
        pick(picker, ALICE, only(0), 1);
        assertThat(pick(picker, BOB, only(0), 9))
                .containsExactly(
                        new Block(0, BLOCK, BLOCK),
                        new Block(0, 2 * BLOCK, BLOCK),
                        new Block(0, 3 * BLOCK, BLOCK));
    }

    @Test
    void a_piece_whose_sender_is_gone_is_taken_over_before_a_new_one_is_begun() {
        PiecePicker picker = picker(10, 4, 1);
        int orphan = pick(picker, ALICE, all(10), 2).getFirst().piece();
        picker.arrived(ALICE, orphan, 0);
        picker.peerLeft(ALICE, all(10), true);
        assertThat(pick(picker, BOB, all(10), 3))
                .containsExactly(
                        new Block(orphan, BLOCK, BLOCK),
                        new Block(orphan, 2 * BLOCK, BLOCK),
                        new Block(orphan, 3 * BLOCK, BLOCK));
        assertThat(pieces(pick(picker, CAROL, all(10), 1))).doesNotContain(orphan);
    }

    @Test
    void no_block_is_asked_twice_before_the_endgame() {
        PiecePicker picker = picker(6, 3, 1);
        Set<Block> asked = new HashSet<>();
        for (int peer = 0; peer < 17; peer++) { // 17 of 18 blocks
            assertThat(pick(picker, peer, all(6), 1)).hasSize(1).allMatch(asked::add);
        }
        assertThat(pick(picker, 99, all(6), 1)).hasSize(1).allMatch(asked::add);
        assertThat(asked).hasSize(18);
    }

    @Test
    void a_peer_without_wanted_pieces_is_asked_for_nothing() {
        PiecePicker picker = picker(3, 1, 1);
        complete(picker, 0);
        assertThat(pick(picker, ALICE, only(0), 9)).isEmpty();
        assertThat(pick(picker, ALICE, new BitSet(), 9)).isEmpty();
    }

    @Test
    void there_is_no_endgame_while_a_piece_is_not_begun() {
        PiecePicker picker = picker(2, 1, 1);
        pick(picker, ALICE, only(0), 9);
        assertThat(pick(picker, BOB, only(0), 9)).isEmpty();
    }

    @Test
    void the_endgame_asks_up_to_four_peers_for_a_block_and_nobody_twice() {
        PiecePicker picker = picker(1, 1, 1);
        for (int peer = 0; peer < PiecePicker.MAX_ASKED; peer++) {
            assertThat(pick(picker, peer, all(1), 9)).containsExactly(new Block(0, 0, BLOCK));
            assertThat(pick(picker, peer, all(1), 9)).isEmpty();
        }
        assertThat(pick(picker, 99, all(1), 9)).isEmpty();
    }

    @Test
    void the_endgame_asks_for_the_least_asked_blocks_first() {
        PiecePicker picker = picker(1, 3, 1);
        pick(picker, ALICE, all(1), 3);
        pick(picker, BOB, all(1), 2); // the first two blocks are asked twice now
        assertThat(pick(picker, CAROL, all(1), 2))
                .containsExactly(new Block(0, 2 * BLOCK, BLOCK), new Block(0, 0, BLOCK));
    }

    @Test
    void an_arrived_block_names_the_others_that_can_be_spared() {
        PiecePicker picker = picker(1, 2, 1);
        pick(picker, ALICE, all(1), 2);
        pick(picker, BOB, all(1), 2);
        pick(picker, CAROL, all(1), 1);
        assertThat(picker.arrived(BOB, 0, 0)).containsExactlyInAnyOrder(ALICE, CAROL);
        assertThat(picker.arrived(ALICE, 0, 0)).isEmpty();
        assertThat(picker.arrived(ALICE, 0, BLOCK)).containsExactly(BOB);
    }

    @Test
    void a_released_block_is_free_for_others() {
        PiecePicker picker = picker(1, 2, 1);
        pick(picker, ALICE, all(1), 2);
        picker.released(ALICE, 0, BLOCK);
        assertThat(pick(picker, BOB, all(1), 1)).containsExactly(new Block(0, BLOCK, BLOCK));
    }

    @Test
    void a_choke_gives_all_blocks_back() {
        PiecePicker picker = picker(3, 2, 1);
        List<Block> asked = pick(picker, ALICE, all(3), 6);
        picker.releaseAll(ALICE);
        assertThat(pick(picker, BOB, all(3), 6)).containsExactlyInAnyOrderElementsOf(asked);
    }

    @Test
    void a_block_released_by_one_of_several_is_still_owed_by_the_others() {
        PiecePicker picker = picker(1, 1, 1);
        pick(picker, ALICE, all(1), 1);
        pick(picker, BOB, all(1), 1);
        picker.releaseAll(ALICE);
        assertThat(picker.arrived(CAROL, 0, 0)).containsExactly(BOB);
    }

    @Test
    void a_block_that_comes_after_its_release_counts() {
        PiecePicker picker = picker(1, 2, 1);
        pick(picker, ALICE, all(1), 2);
        picker.releaseAll(ALICE);
        assertThat(picker.arrived(ALICE, 0, 0)).isEmpty();
        assertThat(pick(picker, BOB, all(1), 9)).containsExactly(new Block(0, BLOCK, BLOCK));
    }

    @Test
    void a_verified_piece_is_had_and_never_asked_for_again() {
        PiecePicker picker = picker(2, 1, 1);
        pick(picker, ALICE, only(1), 1);
        picker.arrived(ALICE, 1, 0);
        picker.verified(1);
        assertThat(picker.has(1)).isTrue();
        assertThat(picker.haveCount()).isEqualTo(1);
        assertThat(picker.have()).isEqualTo(only(1));
        assertThat(picker.isBegun(1)).isFalse();
        assertThat(picker.isComplete()).isFalse();
        assertThat(pick(picker, BOB, all(2), 9)).extracting(Block::piece).containsOnly(0);
    }

    @Test
    void a_failed_piece_names_its_senders_and_is_wanted_again() {
        PiecePicker picker = picker(1, 2, 1);
        pick(picker, ALICE, all(1), 1);
        pick(picker, BOB, all(1), 1);
        picker.arrived(ALICE, 0, 0);
        picker.arrived(BOB, 0, BLOCK);
        assertThat(picker.failed(0)).containsExactly(ALICE, BOB);
        assertThat(pick(picker, CAROL, all(1), 9)).hasSize(2);
    }

    @Test
    void after_a_failure_one_peer_alone_is_asked_for_the_piece() {
        PiecePicker picker = picker(1, 3, 1);
        pick(picker, ALICE, all(1), 3);
        picker.failed(0);
        assertThat(pick(picker, BOB, all(1), 1)).hasSize(1);
        assertThat(pick(picker, CAROL, all(1), 9)).isEmpty();
        assertThat(pick(picker, BOB, all(1), 9)).hasSize(2);
        assertThat(pick(picker, CAROL, all(1), 9)).as("not in the endgame either").isEmpty();
    }

    @Test
    void a_piece_that_waits_for_one_peer_alone_keeps_nobody_from_the_endgame_of_others() {
        PiecePicker picker = picker(2, 3, 1);
        pick(picker, ALICE, only(0), 3);
        picker.failed(0);
        assertThat(pick(picker, ALICE, only(0), 1)).as("two blocks stay free").hasSize(1);
        assertThat(pick(picker, BOB, only(1), 3)).hasSize(3);

        List<Block> helped = pick(picker, CAROL, all(2), 9);

        assertThat(pieces(helped)).containsExactly(1);
        assertThat(helped).hasSize(3);
    }

    @Test
    void the_sole_sender_of_a_piece_is_replaced_when_it_leaves() {
        PiecePicker picker = picker(1, 2, 1);
        pick(picker, ALICE, all(1), 2);
        picker.failed(0);
        pick(picker, BOB, all(1), 2);
        picker.peerLeft(BOB, all(1), false);
        assertThat(pick(picker, CAROL, all(1), 9)).hasSize(2);
    }

    /// A peer with the fast extension that chokes rejects each block by name.
    @Test
    void the_sole_sender_of_a_piece_is_replaced_when_it_rejects_what_it_was_asked_for() {
        PiecePicker picker = picker(1, 2, 1);
        pick(picker, ALICE, all(1), 2);
        picker.failed(0);
        pick(picker, BOB, all(1), 2);
        picker.released(BOB, 0, 0);
        picker.released(BOB, 0, BLOCK);
        assertThat(pick(picker, CAROL, all(1), 9)).hasSize(2);
    }

    @Test
    void a_piece_found_on_disk_is_not_asked_for() {
        PiecePicker picker = picker(3, 1, 1);
        picker.found(0);
        picker.found(2);
        assertThat(pick(picker, ALICE, all(3), 9)).extracting(Block::piece).containsExactly(1);
        picker.verified(1);
        assertThat(picker.isComplete()).isTrue();
    }

    @Test
    void what_comes_for_a_piece_that_is_over_is_ignored() {
        PiecePicker picker = picker(1, 1, 1);
        assertThat(picker.arrived(ALICE, 0, 0)).isEmpty();
        picker.released(ALICE, 0, 0);
        picker.releaseAll(ALICE);
        assertThat(pick(picker, ALICE, all(1), 9)).hasSize(1);
    }

    private static byte[] levels(int... levels) {
        byte[] bytes = new byte[levels.length];
        for (int i = 0; i < levels.length; i++) {
            bytes[i] = (byte) levels[i];
        }
        return bytes;
    }

    @Test
    void a_higher_priority_comes_first_although_others_are_rarer() {
        PiecePicker picker = picker(8, 1, 1);
        IntStream.range(0, 4).forEach(piece -> complete(picker, piece));
        picker.peerJoined(only(4, 5, 6, 7));
        picker.peerJoined(only(4, 5));
        picker.prioritise(levels(4, 4, 4, 4, 1, 7, 4, 5));
        assertThat(pick(picker, ALICE, all(8), 4))
                .extracting(Block::piece)
                .containsExactly(5, 7, 6, 4);
    }

    @Test
    void a_piece_that_is_skipped_is_not_asked_for_not_even_at_the_end() {
        PiecePicker picker = picker(3, 1, 1);
        picker.prioritise(levels(0, 4, 0));
        assertThat(pick(picker, ALICE, all(3), 9)).extracting(Block::piece).containsExactly(1);
        assertThat(pick(picker, BOB, all(3), 9)).extracting(Block::piece).containsExactly(1);
        assertThat(picker.wants(0)).isFalse();
        assertThat(picker.isFinished()).isFalse();
        picker.verified(1);
        assertThat(picker.isFinished()).isTrue();
        assertThat(picker.isComplete()).isFalse();
    }

    @Test
    void what_is_wanted_again_is_asked_for_again() {
        PiecePicker picker = picker(2, 2, 1);
        int begun = pick(picker, ALICE, all(2), 1).getFirst().piece();
        picker.prioritise(levels(0, 0));
        assertThat(pick(picker, ALICE, all(2), 9)).isEmpty();
        assertThat(picker.isFinished()).isTrue();
        picker.prioritise(levels(4, 4));
        assertThat(picker.isFinished()).isFalse();
        List<Block> rest = pick(picker, ALICE, all(2), 9);
        assertThat(rest).hasSize(3);
        assertThat(rest.getFirst()).isEqualTo(new Block(begun, BLOCK, BLOCK));
    }

    @Test
    void a_piece_that_comes_although_it_was_skipped_counts_once_it_is_wanted() {
        PiecePicker picker = picker(2, 1, 1);
        pick(picker, ALICE, only(0), 1);
        picker.prioritise(levels(0, 4));
        picker.arrived(ALICE, 0, 0);
        picker.verified(0);
        picker.prioritise(levels(4, 4));
        assertThat(pick(picker, ALICE, all(2), 9)).extracting(Block::piece).containsExactly(1);
        picker.verified(1);
        assertThat(picker.isFinished()).isTrue();
    }

    @Test
    void in_sequence_pieces_come_in_their_order_but_priority_comes_before_it() {
        PiecePicker picker = picker(9, 1, 1);
        picker.sequential(true);
        picker.prioritise(levels(4, 4, 4, 4, 4, 4, 7, 0, 7));
        assertThat(pick(picker, ALICE, all(9), 9))
                .extracting(Block::piece)
                .containsExactly(6, 8, 0, 1, 2, 3, 4, 5);
    }

    @Test
    void pieces_with_a_deadline_come_first_the_most_urgent_of_them_at_the_head() {
        PiecePicker picker = picker(9, 1, 1);
        picker.deadline(7, 300);
        picker.deadline(2, 100);
        picker.deadline(5, 200);
        assertThat(pick(picker, ALICE, all(9), 3))
                .extracting(Block::piece)
                .containsExactly(2, 5, 7);
    }

    @Test
    void a_piece_with_a_deadline_is_shared_and_asked_twice_only_when_it_is_late() {
        PiecePicker picker = picker(9, 2, 1);
        picker.deadline(4, 100);
        assertThat(picker.pick(new Asker(ALICE, all(9), true), 1, 0))
                .containsExactly(new Block(4, 0, BLOCK));
        assertThat(picker.pick(new Asker(BOB, all(9), true), 1, 0))
                .containsExactly(new Block(4, BLOCK, BLOCK));
        assertThat(pieces(picker.pick(new Asker(CAROL, all(9), true), 1, 99))).doesNotContain(4);
        assertThat(picker.pick(new Asker(CAROL, all(9), true), 2, 100))
                .containsExactly(new Block(4, 0, BLOCK), new Block(4, BLOCK, BLOCK));
        assertThat(pieces(picker.pick(new Asker(99, all(9), true), 1, 100)))
                .as("two are enough")
                .doesNotContain(4);
    }

    @Test
    void a_deadline_that_was_taken_back_or_met_hurries_nobody() {
        PiecePicker picker = picker(99, 1, 1);
        picker.sequential(true);
        picker.deadline(50, 100);
        picker.deadline(60, 100);
        picker.deadline(70, 100);
        picker.noDeadline(50);
        picker.verified(60);
        picker.deadline(60, 200);
        assertThat(pick(picker, ALICE, all(99), 2)).extracting(Block::piece).containsExactly(70, 0);
    }

    @Test
    void slow_peers_work_on_one_piece_together_and_a_fast_one_has_its_own() {
        PiecePicker picker = picker(20, 8, 1);
        int shared = pickSlowly(picker, ALICE, all(20), 2).getFirst().piece();
        assertThat(pieces(pickSlowly(picker, BOB, all(20), 2))).containsExactly(shared);
        assertThat(pieces(pick(picker, CAROL, all(20), 2))).doesNotContain(shared);
        assertThat(pieces(pickSlowly(picker, 99, all(20), 4))).containsExactly(shared);
        assertThat(pieces(pickSlowly(picker, 99, all(20), 1))).doesNotContain(shared);
    }

    @Test
    void begun_pieces_come_before_new_ones_when_there_are_more_than_one_and_a_half_a_peer() {
        PiecePicker picker = picker(20, 3, 1);
        for (int piece = 0; piece < 3; piece++) {
            pick(picker, ALICE, only(piece), 1);
        }
        assertThat(pieces(pick(picker, BOB, all(20), 1))).doesNotContain(0, 1, 2);
        pick(picker, ALICE, only(3), 1);
        assertThat(pieces(pick(picker, BOB, all(20), 9))).contains(0, 1, 2, 3);
    }

    /// Counts what a choice looks at.
    private static final class CountedPieces extends BitSet {
        transient int looks;

        @Override
        public boolean get(int piece) {
            looks++;
            return super.get(piece);
        }
    }

    /// 100,000 pieces of 4 MiB and 50 peers that all have a full pipeline: the cost of a choice
    /// must follow neither the pieces nor the blocks that are under way.
    @Test
    void a_choice_does_not_look_at_what_is_under_way() {
        PiecePicker picker = picker(100_000, 256, 1);
        for (int peer = 0; peer < 50; peer++) {
            picker.peerJoined(all(100_000));
            pick(picker, peer, all(100_000), 500);
        }
        var pieces = new CountedPieces();
        pieces.set(0, 100_000);
        for (int turn = 0; turn < 1_000; turn++) {
            Block next = pick(picker, 7, pieces, 1).getFirst();
            picker.arrived(7, next.piece(), next.begin());
        }
        assertThat(pieces.looks).as("looks for 1,000 blocks").isLessThan(2_000);
    }

    @Test
    void what_a_peer_owes_of_a_piece_that_it_lost_others_are_asked_for() {
        PiecePicker picker = picker(2, 4, 1);
        picker.peerJoined(all(2));
        picker.peerJoined(all(2));
        List<Block> asked = pick(picker, ALICE, all(2), 6); // a whole piece and half of the other
        int first = asked.getFirst().piece();
        picker.peerLost(ALICE, first, true);
        assertThat(pick(picker, BOB, only(first), 9)).hasSize(4).doesNotHaveDuplicates();
        assertThat(pick(picker, ALICE, only(1 - first), 9)).hasSize(2);
    }
}
