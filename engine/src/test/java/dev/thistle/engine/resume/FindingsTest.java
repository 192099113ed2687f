package dev.thistle.engine.resume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.engine.Torrents;
import dev.thistle.engine.resume.ResumeData.Described;
import dev.thistle.engine.resume.ResumeData.Totals;
import dev.thistle.engine.storage.FileStamp;
import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.metainfo.Metainfo;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Three files of 100,000 bytes in pieces of 32 KiB: 0 to 3, 3 to 6, 6 to 9.
class FindingsTest {

    private static final int PIECE = 32 * 1024;
    private static final int LENGTH = 100_000;
    private static final Metainfo METAINFO =
            Torrents.ofFolder("three", new byte[3 * LENGTH], PIECE, LENGTH, LENGTH, LENGTH);
    private static final long SAVED = 1_000_000_000;
    private static final FileStamp WHOLE = new FileStamp(LENGTH, SAVED - 5_000);
    private static final List<FileStamp> ALL = List.of(WHOLE, WHOLE, WHOLE);

    private static BitSet bits(int... pieces) {
        var bits = new BitSet();
        for (int piece : pieces) {
            bits.set(piece);
        }
        return bits;
    }

    private static ResumeData saved(boolean settled, List<FileStamp> files, int... pieces) {
        return saved(settled, files, Map.of(), pieces);
    }

    private static ResumeData saved(
            boolean settled,
            List<FileStamp> files,
            Map<Integer, BitSet> unfinished,
            int... pieces) {
        return new ResumeData(
                METAINFO.infoHash(),
                SAVED,
                settled,
                "this boot",
                files,
                bits(pieces),
                unfinished,
                Totals.NONE,
                Described.NOT,
                Optional.empty());
    }

    private static Findings find(ResumeData data, List<FileStamp> now) {
        return Findings.of(data, METAINFO, now, "this boot");
    }

    @Test
    void what_looks_as_it_was_left_is_trusted_and_nothing_is_hashed() {
        Findings found = find(saved(true, ALL, 0, 1, 4), ALL);

        assertThat(found.trusted()).isEqualTo(bits(0, 1, 4));
        assertThat(found.inDoubt()).isEqualTo(bits());
        assertThat(found.remarks()).isEmpty();
    }

    @Test
    void a_file_of_another_time_is_hashed_alone() {
        var touched = new FileStamp(LENGTH, WHOLE.modifiedMillis() + 1);

        Findings found = find(saved(true, ALL, 0, 1, 3, 4, 7), List.of(WHOLE, touched, WHOLE));

        assertThat(found.trusted()).isEqualTo(bits(0, 1, 7));
        assertThat(found.inDoubt()).isEqualTo(bits(3, 4, 5, 6));
        assertThat(found.remarks()).singleElement().asString().contains("file-1", "changed");
    }

    @Test
    void a_file_that_is_gone_is_named() {
        Findings found = find(saved(true, ALL, 0, 4), List.of(FileStamp.ABSENT, WHOLE, WHOLE));

        assertThat(found.trusted()).isEqualTo(bits(4));
        assertThat(found.remarks()).singleElement().asString().contains("file-0", "is gone");
    }

    @Test
    void a_file_that_appeared_is_hashed() {
        var then = List.of(WHOLE, WHOLE, FileStamp.ABSENT);

        assertThat(find(saved(true, then, 0), ALL).inDoubt()).isEqualTo(bits(6, 7, 8, 9));
    }

    /// A killed run wrote on for a while after its last save.
    @Test
    void a_killed_run_may_have_written_on_for_a_while() {
        var younger = new FileStamp(LENGTH, SAVED + Findings.GRACE_MILLIS);
        var then = List.of(new FileStamp(50_000, SAVED), FileStamp.ABSENT, WHOLE);
        var now = List.of(younger, younger, WHOLE);

        Findings found = find(saved(false, then, 0, 8), now);
        assertThat(found.trusted()).isEqualTo(bits(0, 8));
        assertThat(found.inDoubt()).isEqualTo(bits());

        assertThat(find(saved(true, then, 0, 8), now).inDoubt())
                .isEqualTo(bits(0, 1, 2, 3, 4, 5, 6));
    }

    @Test
    void a_killed_run_neither_cuts_files_nor_writes_for_long() {
        var late = new FileStamp(LENGTH, SAVED + Findings.GRACE_MILLIS + 1);
        var cut = new FileStamp(LENGTH - 1, SAVED + 1);

        Findings found = find(saved(false, ALL, 0, 4, 8), List.of(late, cut, WHOLE));

        assertThat(found.trusted()).isEqualTo(bits(8));
        assertThat(found.inDoubt()).isEqualTo(bits(0, 1, 2, 3, 4, 5, 6));
    }

    /// What was not forced to disk may be lost with the machine.
    @Test
    void after_the_machine_went_down_only_settled_data_is_believed() {
        assertThat(Findings.of(saved(false, ALL, 0), METAINFO, ALL, "next boot").inDoubt())
                .isEqualTo(bits(0, 1, 2, 3, 4, 5, 6, 7, 8, 9));
        assertThat(Findings.of(saved(false, ALL, 0), METAINFO, ALL, "").trusted())
                .isEqualTo(bits());
        assertThat(Findings.of(saved(true, ALL, 0), METAINFO, ALL, "next boot").trusted())
                .isEqualTo(bits(0));
    }

    @Test
    void blocks_of_unfinished_pieces_go_on_unless_their_file_is_in_doubt() {
        var touched = new FileStamp(LENGTH, WHOLE.modifiedMillis() + 1);
        var unfinished = Map.of(1, bits(0), 2, bits(0, 1), 4, bits(1), 8, bits(1), 77, bits(0));

        Findings found = find(saved(true, ALL, unfinished, 0, 8), List.of(WHOLE, touched, WHOLE));

        assertThat(found.unfinished()).isEqualTo(Map.of(1, bits(0)));
        assertThat(found.inDoubt()).as("2 lacks no block").isEqualTo(bits(2, 3, 4, 5, 6));
    }

    @Test
    void blocks_and_pieces_that_the_torrent_does_not_have_are_passed_over() {
        Findings found = find(saved(true, ALL, Map.of(9, bits(0, 5)), 0, 500), ALL);

        assertThat(found.trusted()).isEqualTo(bits(0));
        assertThat(found.inDoubt()).as("its only block is there").isEqualTo(bits(9));
    }

    @Test
    void another_torrent_or_other_files_are_not_believed() {
        ResumeData ours = saved(true, ALL, 0);
        var other =
                new ResumeData(
                        InfoHash.of(new byte[20]),
                        SAVED,
                        true,
                        "",
                        ALL,
                        bits(0),
                        Map.of(),
                        Totals.NONE,
                        Described.NOT,
                        Optional.empty());

        assertThat(find(other, ALL).remarks()).singleElement().asString().contains("another");
        assertThat(find(other, ALL).inDoubt().cardinality()).isEqualTo(10);
        assertThat(find(ours, List.of()).trusted()).isEqualTo(bits());
        assertThat(find(saved(true, List.of(WHOLE), 0), ALL).trusted()).isEqualTo(bits());
    }
}
