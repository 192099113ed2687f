package dev.thistle.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.engine.event.SessionEvent;
import dev.thistle.engine.event.SessionEvent.PeerLeft;
import dev.thistle.engine.snapshot.TorrentSnapshot.State;
import dev.thistle.engine.storage.MemoryStore;
import dev.thistle.protocol.bencode.ByteString;
import dev.thistle.protocol.metainfo.MetaVersion;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.peer.HashRange;
import dev.thistle.protocol.peer.PeerMessage;
import dev.thistle.protocol.peer.PeerMessage.Cancel;
import dev.thistle.protocol.peer.PeerMessage.HaveAll;
import dev.thistle.protocol.peer.PeerMessage.HaveNone;
import dev.thistle.protocol.peer.PeerMessage.RejectRequest;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Peers that keep us busy with messages which are cheap for them.
@Timeout(60)
class FloodTest {

    private static final int PIECE = 32 * 1024;
    private static final byte[] CONTENT = Lab.content(10 * PIECE);
    private static final Metainfo METAINFO = Torrents.of("content", CONTENT, PIECE);
    private static final String NOTHING_NEW = "floods us with messages that say nothing new";

    private final Lab lab = new Lab();
    private final LinkedBlockingQueue<SessionEvent> events = new LinkedBlockingQueue<>();

    @AfterEach
    void closeAll() {
        lab.close();
    }

    private RawPeer peerOfLeecher() throws IOException {
        Session session = lab.session(1);
        var _ = session.listen(events::add);
        Torrent torrent =
                session.add(METAINFO, new MemoryStore(CONTENT.length), Lab.QUICK_BUT_BEARS_SILENCE);
        Wait.until(() -> torrent.snapshot().state() == State.DOWNLOADING);
        return RawPeer.call(lab.host(2), lab.socket(1), METAINFO.infoHash());
    }

    private String reasonOfLeaving() throws InterruptedException {
        while (true) {
            if (events.take() instanceof PeerLeft left) {
                return left.reason();
            }
        }
    }

    /// Until it is hung up on.
    private static void say(RawPeer peer, PeerMessage... messages) {
        try {
            while (true) {
                peer.say(messages);
            }
        } catch (IOException dropped) {
            // what this waits for
        }
    }

    private static PeerMessage[] often(PeerMessage message) {
        var messages = new PeerMessage[1000];
        Arrays.fill(messages, message);
        return messages;
    }

    static Stream<Arguments> floods() {
        return Stream.of(
                Arguments.of("that it has everything", NOTHING_NEW, new HaveAll()),
                Arguments.of("that it has nothing", NOTHING_NEW, new HaveNone()),
                Arguments.of("never mind", NOTHING_NEW, new Cancel(0, 0, 16384)),
                Arguments.of("that it wants something", NOTHING_NEW, new PeerMessage.Interested()),
                Arguments.of("that it chokes us", NOTHING_NEW, new PeerMessage.Choke()),
                Arguments.of("that it does not", NOTHING_NEW, new PeerMessage.Unchoke()),
                Arguments.of(
                        "no to what was not asked",
                        "rejects requests that nobody made",
                        new RejectRequest(0, 0, 16384)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("floods")
    void a_peer_is_dropped_that_says_without_end(String name, String reason, PeerMessage message)
            throws Exception {
        try (RawPeer flooder = peerOfLeecher()) {
            say(flooder, often(message));
            assertThat(reasonOfLeaving()).isEqualTo(reason);
        }
    }

    @Test
    void some_of_it_is_borne_from_clients_that_repeat_themselves() throws Exception {
        try (RawPeer peer = peerOfLeecher()) {
            peer.say(often(new HaveNone()));
            peer.say(often(new Cancel(0, 0, 16384)));
            peer.say(often(new RejectRequest(0, 0, 16384)));
            peer.say(new PeerMessage.Have(7), new PeerMessage.Unchoke());
            assertThat(peer.hear(PeerMessage.Request.class).piece()).isEqualTo(7);
        }
    }

    /// In a moment in which no time passes.
    @Test
    void slots_are_not_divided_anew_for_each_change_of_mind() throws Exception {
        Torrent torrent =
                lab.session(1, () -> 0)
                        .add(METAINFO, new MemoryStore(CONTENT), Lab.QUICK_BUT_BEARS_SILENCE);
        torrent.completed().join();
        try (RawPeer peer = RawPeer.call(lab.host(2), lab.socket(1), METAINFO.infoHash())) {
            for (int i = 0; i < 500; i++) {
                peer.say(new PeerMessage.Interested(), new PeerMessage.NotInterested());
            }
            peer.say(new PeerMessage.Request(0, PIECE, 1)); // behind everything else
            int unchoked = 0;
            PeerMessage heard = peer.hear();
            while (!(heard instanceof RejectRequest)) {
                unchoked += heard instanceof PeerMessage.Unchoke ? 1 : 0;
                heard = peer.hear();
            }
            assertThat(unchoked).isBetween(1, 50);
        }
    }

    private static boolean isAnswered(RawPeer peer, HashRange range) throws IOException {
        peer.say(new PeerMessage.HashRequest(range));
        while (true) {
            PeerMessage heard = peer.hear();
            if (heard instanceof PeerMessage.Hashes || heard instanceof PeerMessage.HashReject) {
                return heard instanceof PeerMessage.Hashes;
            }
        }
    }

    /// Each time for all 32 blocks with their padding.
    @Test
    void a_peer_cannot_have_us_hash_without_end_and_others_are_served() throws Exception {
        Metainfo metainfo = Torrents.ofFolder(MetaVersion.V2, CONTENT, PIECE, CONTENT.length);
        var store = new MemoryStore(Torrents.stream(metainfo, CONTENT));
        lab.session(1, () -> 0)
                .add(metainfo, store, Lab.QUICK_BUT_BEARS_SILENCE)
                .completed()
                .join();
        ByteString root =
                ByteString.of(metainfo.files().getFirst().piecesRoot().orElseThrow().bytes());
        var all = new HashRange(root, 0, 0, 32, 0);
        try (RawPeer greedy = RawPeer.call(lab.host(2), lab.socket(1), metainfo.infoHash());
                RawPeer modest = RawPeer.call(lab.host(3), lab.socket(1), metainfo.infoHash())) {
            int answers = 0;
            for (int i = 0; i < 200; i++) {
                answers += isAnswered(greedy, all) ? 1 : 0;
            }
            assertThat(answers).as("64 MiB").isBetween(100, 4096 / 32);
            assertThat(isAnswered(greedy, new HashRange(root, 1, 0, 16, 0))).isTrue();
            assertThat(isAnswered(modest, all)).isTrue();
        }
    }
}
