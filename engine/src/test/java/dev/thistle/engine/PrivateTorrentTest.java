package dev.thistle.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.engine.snapshot.TorrentSnapshot.State;
import dev.thistle.engine.snapshot.TorrentSnapshot.TrackerSnapshot;
import dev.thistle.engine.storage.MemoryStore;
import dev.thistle.protocol.bencode.BencodeValue.Dict;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.metainfo.TorrentBuilder;
import dev.thistle.protocol.peer.PeerMessage;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A private torrent has one tracker at a time, and its peers are those of that tracker (BEP 27).
@Timeout(30)
class PrivateTorrentTest {

    private static final int PIECE = 16 * 1024;
    private static final byte[] CONTENT = Lab.content(3 * PIECE);

    private final Lab lab = new Lab();
    private MemoryTracker one;
    private MemoryTracker two;

    @BeforeEach
    void open() throws IOException {
        one = new MemoryTracker(lab.host(8));
        two = new MemoryTracker(lab.host(9));
    }

    @AfterEach
    void closeAll() {
        lab.close();
        one.close();
        two.close();
    }

    private Metainfo metainfo(boolean isPrivate) {
        var builder =
                TorrentBuilder.ofFile("content", CONTENT.length, PIECE)
                        .isPrivate(isPrivate)
                        .announceTier(List.of(one.url()))
                        .announceTier(List.of(two.url()));
        return Torrents.of(builder, CONTENT, PIECE);
    }

    /// Downloads, with a peer that stays, until the first tracker refuses and the second serves.
    private RawPeer peerWhenTheTrackerChanges(Metainfo metainfo) throws Exception {
        Torrent torrent =
                lab.session(1)
                        .add(
                                metainfo,
                                new MemoryStore(CONTENT.length),
                                Lab.QUICK_BUT_BEARS_SILENCE);
        Wait.until(() -> torrent.snapshot().state() == State.DOWNLOADING);
        Wait.until(() -> isServedBy(torrent, one));
        RawPeer peer = RawPeer.call(lab.host(3), lab.socket(1), metainfo.infoHash());
        peer.say(new PeerMessage.HaveNone(), new PeerMessage.Interested());
        assertThat(peer.hear(PeerMessage.Unchoke.class)).isNotNull();

        one.answer(Dict.builder().put("failure reason", "closed for good").build());
        var seed = lab.session(2).add(metainfo, new MemoryStore(CONTENT), Lab.QUICK);
        seed.completed().join();
        torrent.addPeers(List.of(Lab.address(2)));
        torrent.completed().join(); // which the tracker is told at once
        Wait.until(() -> isServedBy(torrent, two));
        return peer;
    }

    private static boolean isServedBy(Torrent torrent, MemoryTracker tracker) {
        return torrent.snapshot().trackers().stream()
                .filter(TrackerSnapshot::worked)
                .anyMatch(each -> each.url().equals(tracker.url()));
    }

    @Test
    void the_peers_of_one_tracker_are_left_when_another_one_serves() throws Exception {
        try (RawPeer peer = peerWhenTheTrackerChanges(metainfo(true))) {
            peer.untilDropped();
        }
    }

    @Test
    void the_peers_of_a_public_torrent_stay() throws Exception {
        try (RawPeer peer = peerWhenTheTrackerChanges(metainfo(false))) {
            peer.say(new PeerMessage.Request(0, 0, PIECE));
            assertThat(peer.hear(PeerMessage.Piece.class).piece()).isZero();
        }
    }
}
