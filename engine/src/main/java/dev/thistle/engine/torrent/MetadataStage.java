package dev.thistle.engine.torrent;

import dev.thistle.engine.peers.PeerEvent.Utterance;
import dev.thistle.engine.settings.Selection;
import dev.thistle.engine.snapshot.TorrentSnapshot.MetadataProgress;
import dev.thistle.engine.storage.PieceStore;
import dev.thistle.engine.torrent.MetadataFetch.Whole;
import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.bencode.ByteString;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.metainfo.MetainfoReader;
import dev.thistle.protocol.peer.Extension;
import dev.thistle.protocol.peer.ExtensionMessage;
import dev.thistle.protocol.peer.ExtensionMessage.MetadataBlock;
import dev.thistle.protocol.peer.ExtensionMessage.MetadataReject;
import dev.thistle.protocol.peer.ExtensionMessage.MetadataRequest;
import dev.thistle.protocol.peer.PeerMessage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A torrent of which only a magnet link is known: asks peers for its `info` dictionary (BEP 9),
/// and keeps what they say about pieces until it is there. Owned by the torrent's thread.
final class MetadataStage implements Stage {

    private final Origin.Link link;
    private final Introduction introduction;
    private final Swarm swarm;
    private final MetadataFetch fetch = new MetadataFetch();
    private @Nullable Metainfo metainfo;
    private @Nullable String failure;

    MetadataStage(Origin.Link link, Introduction introduction, Swarm swarm) {
        this.link = link;
        this.introduction = introduction;
        this.swarm = swarm;
    }

    /// Whether there is nothing more to ask for; [#metainfo] tells why.
    boolean isOver() {
        return metainfo != null || failure != null;
    }

    /// Web servers that the link names (BEP 19).
    List<String> webSeeds() {
        return link.magnet().webSeeds();
    }

    /// What an earlier run was told may be all there is to ask for.
    void recall(ByteString info) {
        if (InfoBytes.areNamedBy(link.magnet(), info.asBuffer())) {
            read(info.asBuffer());
        }
    }

    /// The metainfo, once it is there and has the right hash.
    ///
    /// @throws IOException if what has the right hash is no torrent
    Metainfo metainfo() throws IOException {
        if (metainfo == null) {
            throw new IOException(String.valueOf(failure));
        }
        return metainfo;
    }

    /// What is wanted, now that the files are known.
    ///
    /// @param asked what was asked for by numbers before
    /// @throws IOException if the choice fits nothing
    Selection select(Selection asked) throws IOException {
        return link.stores().select(metainfo(), asked.isOfAll() ? chosen(asked) : asked);
    }

    /// Who wants no files in particular gets those that the link chooses (BEP 53).
    private Selection chosen(Selection asked) throws IOException {
        BitSet named = link.magnet().selected();
        if (named.isEmpty()) {
            return asked;
        }
        int count = metainfo().files().size();
        BitSet files = named.get(0, count);
        if (files.isEmpty()) {
            throw new IOException(
                    "the magnet link chooses none of the %d files there are".formatted(count));
        }
        return Selection.only(files.stream().boxed().collect(Collectors.toSet()))
                .withSequential(asked.sequential());
    }

    PieceStore openStore() throws IOException {
        return link.stores().open(metainfo());
    }

    MetadataProgress progress() {
        return new MetadataProgress(fetch.blocksHere(), fetch.blocksNeeded());
    }

    /// Says nothing new by its second message, but rtorrent reads nothing of what follows before
    /// it.
    @Override
    public void welcome(Peer peer) {
        introduction.ofUs(peer, Optional.empty(), false);
        peer.connection.say(new PeerMessage.NotInterested());
    }

    @Override
    public void hear(Peer peer, Utterance utterance, long nowNanos) {
        switch (utterance) {
            case Utterance.HasPieces(var pieces) -> peer.earlyClaims.pieces(pieces);
            case Utterance.HasAll() -> peer.earlyClaims.all();
            case Utterance.Introduced(var extended) -> {
                if (introduction.ofThem(peer, extended, nowNanos)) {
                    peer.metadataBytes.ifPresent(bytes -> fetch.offered(peer.number(), bytes));
                    ask(peer, nowNanos);
                }
            }
            case Utterance.Told(ExtensionMessage message) -> hear(peer, message, nowNanos);
            case Utterance.Said(PeerMessage message) -> hear(peer, message);
            case Utterance.Delivered _, Utterance.Unasked _ ->
                    peer.connection.close("sends blocks that nobody asked for");
        }
    }

    private void hear(Peer peer, ExtensionMessage message, long nowNanos) {
        switch (message) {
            case MetadataBlock block -> {
                fetch.received(peer.number(), block).ifPresent(this::look);
                ask(peer, nowNanos);
            }
            case MetadataReject(int block) -> fetch.rejected(peer.number(), block, nowNanos);
            case MetadataRequest(int block) -> peer.tell(new MetadataReject(block));
            case ExtensionMessage.UploadOnly(boolean uploadOnly) -> peer.isUploadOnly = uploadOnly;
            case ExtensionMessage.PeersChanged changed -> peer.earlyClaims.exchange(changed);
            case ExtensionMessage.DontHave _, ExtensionMessage.Unheard _ -> {}
        }
    }

    private void hear(Peer peer, PeerMessage message) {
        switch (message) {
            case PeerMessage.Choke() -> peer.itChokesUs = true;
            case PeerMessage.Unchoke() -> peer.itChokesUs = false;
            case PeerMessage.Interested() -> peer.itIsInterested = true;
            case PeerMessage.NotInterested() -> peer.itIsInterested = false;
            case PeerMessage.Have(int piece) -> peer.earlyClaims.piece(piece);
            case PeerMessage.Request(int piece, int begin, int length) -> {
                if (peer.connection.supportsFast()) {
                    peer.connection.say(new PeerMessage.RejectRequest(piece, begin, length));
                }
            }
            case PeerMessage.HashRequest(var range) ->
                    peer.connection.say(new PeerMessage.HashReject(range));
            case PeerMessage.Hashes _,
                    PeerMessage.HashReject _,
                    PeerMessage.RejectRequest _,
                    PeerMessage.Cancel _,
                    PeerMessage.AllowedFast _ -> {} // about pieces, which nobody asked for yet
            case PeerMessage.KeepAlive _,
                    PeerMessage.Bitfield _,
                    PeerMessage.Piece _,
                    PeerMessage.Port _,
                    PeerMessage.SuggestPiece _,
                    PeerMessage.HaveAll _,
                    PeerMessage.HaveNone _,
                    PeerMessage.Extended _,
                    PeerMessage.Unknown _ ->
                    throw new IllegalStateException("the connection deals with " + message);
        }
    }

    /// All blocks are there: are they the right ones?
    private void look(Whole whole) {
        if (!InfoBytes.areNamedBy(link.magnet(), whole.info())) {
            fetch.wasWrong(whole).ifPresent(this::punish);
            return;
        }
        read(whole.info());
    }

    private void read(ByteBuffer info) {
        try {
            metainfo = MetainfoReader.readInfo(info, link.magnet());
        } catch (MalformedException malformed) { // and nothing else has this hash
            failure = "what the magnet link names is no torrent: " + malformed.getMessage();
        }
    }

    private void punish(int number) {
        Peer peer = swarm.peer(number);
        if (peer != null) {
            swarm.ban(peer.connection.remote().getAddress(), "sent wrong metadata");
        }
    }

    /// Until it is all here.
    private void ask(Peer peer, long nowNanos) {
        if (!isOver() && peer.takes(Extension.UT_METADATA)) {
            fetch.ask(peer.number(), nowNanos)
                    .forEach(block -> peer.tell(new MetadataRequest(block)));
        }
    }

    @Override
    public void tick(Peer peer, long nowNanos) {
        ask(peer, nowNanos);
    }

    @Override
    public void left(Peer peer) {
        fetch.left(peer.number());
    }

    @Override
    public boolean isComplete() {
        return false;
    }

    @Override
    public boolean isOverFor(Peer peer) {
        return false;
    }
}
