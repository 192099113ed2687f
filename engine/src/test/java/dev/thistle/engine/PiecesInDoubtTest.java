package dev.thistle.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.engine.settings.EncryptionPolicy;
import dev.thistle.engine.settings.EncryptionPolicy.Cipher;
import dev.thistle.engine.settings.EncryptionPolicy.Level;
import dev.thistle.engine.settings.ResumeSettings;
import dev.thistle.engine.snapshot.TorrentSnapshot;
import dev.thistle.engine.snapshot.TorrentSnapshot.State;
import dev.thistle.engine.storage.FileStore;
import dev.thistle.net.Listener;
import dev.thistle.protocol.bencode.ByteString;
import dev.thistle.protocol.metainfo.Magnet;
import dev.thistle.protocol.metainfo.MetaVersion;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.peer.ExtendedHandshake;
import dev.thistle.protocol.peer.Extension;
import dev.thistle.protocol.peer.ExtensionMessage;
import dev.thistle.protocol.peer.ExtensionMessage.MetadataBlock;
import dev.thistle.protocol.peer.ExtensionMessage.MetadataRequest;
import dev.thistle.protocol.peer.PeerMessage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A link to v2, data on disk and no resume file: which of the data is right can be told only once
/// a peer has sent the file's piece layer, and until then nobody is asked for any of it.
@Timeout(60)
class PiecesInDoubtTest {

    private static final int PIECE = HashExchangeTest.PIECE;
    private static final byte[] CONTENT = HashExchangeTest.CONTENT;
    private static final Metainfo METAINFO =
            Torrents.ofFolder(MetaVersion.V2, CONTENT, PIECE, CONTENT.length);
    private static final int METADATA_ID = 42;

    private final Lab lab = new Lab();
    private final Queue<PeerMessage.Request> asked = new ConcurrentLinkedQueue<>();
    private final Queue<Integer> told = new ConcurrentLinkedQueue<>();
    private final AtomicInteger rejectedHashes = new AtomicInteger();
    private int lastHost;

    @TempDir Path folder;

    @BeforeEach
    void write() throws IOException {
        write(CONTENT);
    }

    @AfterEach
    void closeAll() {
        lab.close();
    }

    private Path file() {
        return folder.resolve(METAINFO.name()).resolve("file-0");
    }

    private void write(byte[] data) throws IOException {
        Files.createDirectories(file().getParent());
        Files.write(file(), data);
    }

    /// A run in the folder that knows the link alone.
    private Torrent run() throws IOException {
        var plaintext = new EncryptionPolicy(Level.OFF, Cipher.ANY);
        return lab.session(++lastHost, plaintext)
                .add(
                        Magnet.parse(Magnet.of(METAINFO).link()),
                        metainfo -> FileStore.open(folder, metainfo, true),
                        Lab.QUICK_BUT_BEARS_SILENCE.withResume(
                                ResumeSettings.beside(folder, METAINFO.infoHash())));
    }

    /// Is called by the torrent, has everything, and unchokes at once.
    private Thread source(Torrent torrent, boolean givesHashes) throws IOException {
        int host = 100 + lastHost;
        Listener port = lab.host(host).listen(lab.socket(host));
        torrent.addPeers(List.of(Lab.address(host)));
        return Thread.ofVirtual()
                .start(() -> {
                    try (port;
                            RawPeer peer = RawPeer.answer(port.accept(), METAINFO)) {
                        peer.say(new PeerMessage.HaveAll(), new PeerMessage.Unchoke());
                        introduce(peer);
                        while (true) {
                            answer(peer, peer.hear(), givesHashes);
                        }
                    } catch (IOException hungUp) {
                        // the torrent has ended
                    } catch (Exception broken) {
                        throw new AssertionError(broken);
                    }
                });
    }

    private static void introduce(RawPeer peer) throws IOException {
        var extended =
                new ExtendedHandshake(
                        Map.of("ut_metadata", METADATA_ID),
                        ExtendedHandshake.Whereabouts.UNKNOWN,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(METAINFO.infoBytes().remaining()),
                        Optional.empty(),
                        Optional.empty());
        peer.say(new PeerMessage.Extended(0, extended.encode()));
    }

    private void answer(RawPeer peer, PeerMessage heard, boolean givesHashes) throws Exception {
        if (heard instanceof PeerMessage.Extended(int id, var payload) && id == METADATA_ID) {
            if (ExtensionMessage.decode(Extension.UT_METADATA, payload)
                    instanceof MetadataRequest(int block)) {
                byte[] info = new byte[METAINFO.infoBytes().remaining()];
                METAINFO.infoBytes().get(info);
                var whole = new MetadataBlock(block, info.length, ByteString.of(info));
                peer.say(new PeerMessage.Extended(Extension.UT_METADATA.id(), whole.encode()));
            }
        } else if (heard instanceof PeerMessage.HashRequest(var range)) {
            if (givesHashes) {
                peer.say(HashExchangeTest.answer(range));
            } else {
                peer.say(new PeerMessage.HashReject(range));
                rejectedHashes.incrementAndGet();
            }
        } else if (heard instanceof PeerMessage.Have(int piece)) {
            told.add(piece);
        } else if (heard instanceof PeerMessage.Request request) {
            asked.add(request);
            var data =
                    ByteBuffer.wrap(
                            CONTENT, request.piece() * PIECE + request.begin(), request.length());
            peer.say(new PeerMessage.Piece(request.piece(), request.begin(), data.slice()));
        }
    }

    private TorrentSnapshot complete(Torrent torrent) throws Exception {
        Thread source = source(torrent, true);
        torrent.completed().join();
        TorrentSnapshot end = torrent.stop().join();
        source.join();
        assertThat(file()).hasBinaryContent(CONTENT);
        assertThat(end.isComplete()).isTrue();
        return end;
    }

    @Test
    void what_is_right_is_not_asked_for() throws Exception {
        TorrentSnapshot end = complete(run());

        assertThat(asked).isEmpty();
        assertThat(end.downloadedBytes()).isZero();
    }

    @Test
    void a_piece_that_is_wrong_is_asked_for_once_that_is_known() throws Exception {
        byte[] damaged = CONTENT.clone();
        damaged[PIECE + 5] ^= 1;
        write(damaged);

        complete(run());

        assertThat(asked).hasSize(8).allMatch(request -> request.piece() == 1);
    }

    @Test
    void what_is_not_there_is_no_longer_in_doubt() throws Exception {
        write(Arrays.copyOf(CONTENT, PIECE));

        complete(run());

        assertThat(asked).hasSize(8 + 3).noneMatch(request -> request.piece() == 0);
    }

    /// The resume file is back, but what it says of the pieces is that nothing is known.
    @Test
    void what_stayed_in_doubt_to_the_end_is_in_doubt_again_in_the_next_run() throws Exception {
        Torrent first = run();
        Thread source = source(first, false);
        Wait.until(() -> first.snapshot().state() == State.DOWNLOADING && rejectedHashes.get() > 0);
        TorrentSnapshot end = first.stop().join();
        source.join();
        assertThat(end.verifiedBytes()).isZero();

        complete(run());

        assertThat(asked).isEmpty();
    }

    @Test
    void peers_that_are_there_already_hear_of_what_is_found() throws Exception {
        Torrent torrent = run();
        Thread source = source(torrent, true);
        Wait.until(() -> told.size() == 3);
        torrent.stop().join();
        source.join();
        assertThat(told).containsExactlyInAnyOrder(0, 1, 2);
    }
}
