package dev.thistle.engine.torrent;

import dev.thistle.protocol.bencode.ByteString;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.peer.ExtensionMessage.MetadataBlock;
import dev.thistle.protocol.peer.ExtensionMessage.MetadataReject;
import dev.thistle.protocol.peer.MetadataCodec;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;

/// Gives the `info` dictionary to one peer that came by a magnet link (BEP 9): a block a second on
/// average, as Transmission does, after a first handful at once, so that a dictionary of usual size
/// does not take minutes. Owned by the torrent's thread.
final class MetadataUpload {

    /// Requests that wait for one peer; more are rejected.
    static final int MAX_WAITING = 64;

    /// Blocks that a peer may have at once when it asked for none for long: 512 KiB.
    static final int BURST = 32;

    static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final ArrayDeque<Integer> waiting = new ArrayDeque<>();
    private int allowance = BURST;
    private long earnedAtNanos;

    /// The peer asked for a block. One that does not exist is rejected, and all are that peers of a
    /// private torrent ask for: they got the torrent from its tracker's site.
    void requested(Peer peer, Metainfo metainfo, int block, long nowNanos) {
        int totalBytes = metainfo.infoBytes().remaining();
        if (metainfo.isPrivate()
                || block >= MetadataCodec.blockCount(totalBytes)
                || waiting.size() >= MAX_WAITING) {
            peer.tell(new MetadataReject(block));
            return;
        }
        waiting.add(block);
        tick(peer, metainfo, nowNanos);
    }

    /// Sends what the rate allows by now.
    void tick(Peer peer, Metainfo metainfo, long nowNanos) {
        if (allowance == BURST) {
            earnedAtNanos = nowNanos;
        } else {
            long earned = (nowNanos - earnedAtNanos) / INTERVAL_NANOS;
            allowance = (int) Math.min(BURST, allowance + earned);
            earnedAtNanos += earned * INTERVAL_NANOS;
        }
        while (allowance > 0 && !waiting.isEmpty()) {
            allowance--;
            peer.tell(block(metainfo.infoBytes(), waiting.remove()));
        }
    }

    private static MetadataBlock block(ByteBuffer info, int block) {
        int totalBytes = info.remaining();
        byte[] data = new byte[MetadataCodec.blockBytes(block, totalBytes)];
        info.get(info.position() + block * MetadataCodec.BLOCK_BYTES, data);
        return new MetadataBlock(block, totalBytes, ByteString.of(data));
    }
}
