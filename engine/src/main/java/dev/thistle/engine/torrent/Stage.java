package dev.thistle.engine.torrent;

import dev.thistle.engine.peers.PeerEvent.Utterance;

/// What a torrent is busy with, as far as peers take part in it: first, after a magnet link, with
/// its metainfo ([MetadataStage]), then with its pieces ([Transfer]). Owned by the torrent's
/// thread.
sealed interface Stage permits MetadataStage, Transfer {

    /// A peer joined and is not yet listened to: introduces us.
    void welcome(Peer peer);

    void hear(Peer peer, Utterance utterance, long nowNanos);

    /// Looks at one peer when time has passed.
    void tick(Peer peer, long nowNanos);

    void left(Peer peer);

    /// Whether there is nothing left that could be wanted.
    boolean isComplete();

    /// Whether neither side needs anything from the other, as long as both want what they want.
    boolean isOverFor(Peer peer);
}
