package dev.thistle.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.engine.snapshot.TorrentSnapshot;
import dev.thistle.engine.snapshot.TorrentSnapshot.State;
import dev.thistle.engine.storage.MemoryStore;
import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.metainfo.Magnet;
import dev.thistle.protocol.metainfo.MetaVersion;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.peer.PeerMessage;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A hybrid that was added by a link with one of its names has both once its metainfo is there.
@Timeout(60)
class SecondNameTest {

    private static final int PIECE = 32 * 1024;
    private static final byte[] CONTENT = Lab.content(3 * PIECE);
    private static final Metainfo METAINFO =
            Torrents.ofFolder(MetaVersion.HYBRID, CONTENT, PIECE, CONTENT.length);
    private static final InfoHash V1 = METAINFO.infoHashes().v1().orElseThrow();
    private static final InfoHash V2 = METAINFO.infoHashes().v2Truncated().orElseThrow();
    private static final String V1_LINK = "magnet:?xt=urn:btih:" + V1;
    private static final String V2_LINK =
            "magnet:?xt=urn:btmh:1220" + METAINFO.infoHashes().v2().orElseThrow();

    private final Lab lab = new Lab();
    private int lastHost = 2;

    @BeforeEach
    void seed() throws Exception {
        var store = new MemoryStore(Torrents.stream(METAINFO, CONTENT));
        lab.session(1).add(METAINFO, store, Lab.QUICK).completed().get();
    }

    @AfterEach
    void closeAll() {
        lab.close();
    }

    private static Torrent add(Session session, String link) throws IOException {
        return session.add(
                Magnet.parse(link),
                metainfo -> new MemoryStore(Math.toIntExact(metainfo.spanBytes())),
                Lab.QUICK_BUT_BEARS_SILENCE);
    }

    private void assertFoundAs(InfoHash name) throws IOException {
        try (RawPeer peer = RawPeer.call(lab.host(++lastHost), lab.socket(2), name)) {
            peer.hear(PeerMessage.HaveAll.class);
        }
    }

    @Test
    void callers_and_users_find_it_by_the_name_that_the_link_did_not_tell() throws Exception {
        Session session = lab.session(2);
        Torrent torrent = add(session, V1_LINK);
        assertThat(session.torrent(V2)).isEmpty();
        torrent.addPeers(List.of(Lab.address(1)));
        torrent.completed().get();

        assertFoundAs(V1);
        assertFoundAs(V2);
        assertThat(session.torrents()).hasSize(1);
        assertThat(session.torrent(V2).orElseThrow().infoHash()).isEqualTo(V1);
        assertThatThrownBy(() -> add(session, V2_LINK))
                .hasMessage("the session has this torrent already");
        var store = new MemoryStore(Math.toIntExact(METAINFO.spanBytes()));
        assertThatThrownBy(() -> session.add(METAINFO, store, Lab.QUICK))
                .hasMessage("the session has this torrent already");

        torrent.stop().get();
        assertThat(session.torrent(V2)).isEmpty();
        assertThatThrownBy(() -> assertFoundAs(V2)).isInstanceOf(IOException.class);
        add(session, V2_LINK).stop().get();
    }

    /// Which of the two goes on is up to who gets the metainfo first; it takes both names.
    @Test
    void of_two_that_turn_out_to_be_the_same_one_goes_on_and_the_other_says_so() throws Exception {
        Session session = lab.session(2);
        List<Torrent> both = List.of(add(session, V1_LINK), add(session, V2_LINK));
        both.forEach(torrent -> torrent.addPeers(List.of(Lab.address(1))));
        Wait.until(() -> both.stream().anyMatch(torrent -> torrent.ended().isDone()));

        Torrent lost = both.getFirst().ended().isDone() ? both.getFirst() : both.getLast();
        Torrent kept = both.getFirst() == lost ? both.getLast() : both.getFirst();
        TorrentSnapshot end = lost.ended().get();
        assertThat(end.state()).isEqualTo(State.FAILED);
        assertThat(end.error())
                .contains(
                        "it is the same torrent as %s, which the session has already"
                                .formatted(kept.infoHash()));
        kept.completed().get();
        assertFoundAs(V1);
        assertFoundAs(V2);
        assertThat(session.torrents())
                .extracting(Torrent::infoHash)
                .containsExactly(kept.infoHash());
        assertThat(Stream.of(V1, V2).map(session::torrent))
                .allMatch(found -> found.orElseThrow().infoHash().equals(kept.infoHash()));
    }

    /// One has peers and the other has none: it does not get stuck on the latter.
    @Test
    void the_one_that_found_peers_goes_on() throws Exception {
        Session session = lab.session(2);
        Torrent alone = add(session, V1_LINK);
        Torrent lucky = add(session, V2_LINK);
        lucky.addPeers(List.of(Lab.address(1)));
        lucky.completed().get();

        assertThat(alone.ended().get().error().orElseThrow()).contains("the same torrent");
        assertThat(lucky.snapshot().isComplete()).isTrue();
        assertFoundAs(V1);
    }
}
