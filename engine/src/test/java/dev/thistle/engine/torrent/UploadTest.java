package dev.thistle.engine.torrent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.engine.Torrents;
import dev.thistle.engine.limits.Tolls;
import dev.thistle.engine.limits.UploadSlots;
import dev.thistle.engine.limits.UploadSlots.Claim;
import dev.thistle.engine.peers.BanList;
import dev.thistle.engine.peers.BufferPool;
import dev.thistle.engine.peers.Choker;
import dev.thistle.engine.peers.Greeted;
import dev.thistle.engine.peers.PeerConnection;
import dev.thistle.engine.peers.PeerRanking;
import dev.thistle.engine.settings.BufferLimits;
import dev.thistle.engine.settings.SeedChoking;
import dev.thistle.engine.snapshot.Protection;
import dev.thistle.engine.storage.MemoryStore;
import dev.thistle.net.Link;
import dev.thistle.net.MemoryNetwork;
import dev.thistle.protocol.PeerId;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.peer.Handshake;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// One slot, and two torrents that want it.
@Timeout(60)
class UploadTest {

    private static final Duration PATIENCE = Duration.ofSeconds(50);
    private static final Metainfo METAINFO = Torrents.of("one", new byte[] {1}, 32 * 1024);

    private final UploadSlots slots = new UploadSlots(1, 0);
    private final Swarm swarm =
            new Swarm(
                    PeerId.random("-XX0100-", new Random(1)),
                    10,
                    new BanList(InstantSource.system()),
                    () -> PeerRanking.of(Optional.empty(), Optional.empty(), 0));
    private final Upload upload = upload();
    private final Claim other = slots.claim(); // behind the first
    private final MemoryNetwork internet = new MemoryNetwork(1);
    private final List<Link> remotes = new ArrayList<>();
    private Peer peer;

    private Upload upload() {
        var known = new KnownHashes(METAINFO, Map.of());
        var hashes = new HashRequests(METAINFO.infoHashes().v2Truncated(), swarm);
        var store = new MemoryStore(1);
        var random = new Random(1);
        var lateCheck = new LateCheck(METAINFO, known, store, _ -> {});
        var blame = new Blame(METAINFO, hashes, swarm, (_, _) -> {}, _ -> {});
        var download =
                new Download(
                        METAINFO, known, lateCheck, blame, store, swarm, 1_000, random, _ -> {});
        return new Upload(
                METAINFO,
                swarm,
                download,
                new SuperSeeding(swarm, random),
                new Choker(PATIENCE, SeedChoking.ROUND_ROBIN, random),
                4,
                slots.claim(),
                10_000,
                0);
    }

    private Peer peer(int number) throws Exception {
        MemoryNetwork.Host home = internet.host("10.0.0.1");
        try (var port = home.listen(new InetSocketAddress(home.ip(), 6881))) {
            remotes.add(internet.host("10.0.0." + (1 + number)).connect(port.address(), PATIENCE));
            PeerId id = PeerId.random("-XX0100-", new Random(number));
            var handshake = new Handshake(0, METAINFO.infoHash(), id);
            var connection =
                    new PeerConnection(
                            number,
                            new Greeted(
                                    port.accept(),
                                    ByteBuffer.allocate(0),
                                    handshake,
                                    handshake.infoHash(),
                                    Protection.PLAINTEXT,
                                    true),
                            new BufferPool(BufferLimits.DEFAULT, 0),
                            Tolls.FREE,
                            PATIENCE,
                            () -> 0,
                            _ -> {});
            var joined = new Peer(connection, Optional.empty(), 0);
            swarm.add(joined);
            return joined;
        }
    }

    @BeforeEach
    void unchokeOne() throws Exception {
        peer = peer(1);
        upload.interested(peer, 1);
        assertThat(peer.weChokeIt).isFalse();
        assertThat(other.share(1, 2)).as("for the other torrent").isZero();
    }

    @AfterEach
    void hangUp() {
        swarm.all().forEach(each -> each.connection.close("the test is over"));
        peer.connection.close("the test is over");
        remotes.forEach(Link::close);
    }

    private void assertTheOtherMayHaveIt() {
        assertThat(other.share(1, 3)).isOne();
        assertThat(other.tryTake()).isTrue();
    }

    @Test
    void the_slot_of_a_peer_that_left_is_another_torrents_at_once() {
        swarm.remove(peer);
        upload.left(peer);
        assertTheOtherMayHaveIt();
    }

    @Test
    void so_is_that_of_a_peer_that_wants_nothing_any_more() {
        upload.notInterested(peer, 3);
        assertTheOtherMayHaveIt();
    }

    @Test
    void who_got_its_slot_just_before_a_round_keeps_it_until_the_next() throws Exception {
        other.wants(0);
        Peer waiting = peer(2);
        upload.interested(waiting, 5_000);
        assertThat(waiting.weChokeIt).as("there is one slot").isTrue();

        upload.tick(10_000); // the optimistic slot, which is the only one, is now the other's
        assertThat(peer.weChokeIt).isFalse();
        assertThat(waiting.weChokeIt).isTrue();

        upload.tick(20_000);
        assertThat(peer.weChokeIt).isTrue();
        assertThat(waiting.weChokeIt).isFalse();
    }
}
