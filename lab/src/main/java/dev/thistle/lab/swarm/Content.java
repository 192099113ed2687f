package dev.thistle.lab.swarm;

import dev.thistle.engine.storage.MemoryStore;
import dev.thistle.lab.scenario.ClientPlan;
import dev.thistle.lab.scenario.SwarmPlan;
import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.metainfo.MetainfoReader;
import dev.thistle.protocol.metainfo.TorrentBuilder;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Random;

/// What a swarm exchanges: random bytes under a seed, and their torrent. The same plan and seed
/// give the same info-hash, whichever way the torrent is announced.
public final class Content {

    private final byte[] bytes;
    private final Metainfo metainfo;

    private Content(byte[] bytes, Metainfo metainfo) {
        this.bytes = bytes;
        this.metainfo = metainfo;
    }

    /// Draws the bytes and hashes them. The torrent is private (BEP 27): peers meet by the tracker
    /// alone, as the article tells it, and not by what other peers tell them.
    ///
    /// @param tracker whether its announces are hidden
    /// @param url of the tracker
    public static Content make(SwarmPlan plan, ClientPlan.Tracker tracker, String url, long seed) {
        byte[] bytes = new byte[Math.toIntExact(plan.contentBytes())];
        new Random(seed).nextBytes(bytes);
        var torrent = TorrentBuilder.ofFile("content.bin", bytes.length, plan.pieceBytes());
        torrent.isPrivate(true);
        switch (tracker) {
            case CLEAR -> torrent.announceTier(List.of(url));
            case OBFUSCATED -> torrent.obfuscateAnnounceTier(List.of(url));
        }
        MessageDigest sha1 = sha1();
        for (int begin = 0; begin < bytes.length; begin += plan.pieceBytes()) {
            sha1.update(bytes, begin, Math.min(plan.pieceBytes(), bytes.length - begin));
            torrent.pieceHash(sha1.digest());
        }
        try {
            return new Content(bytes, MetainfoReader.read(ByteBuffer.wrap(torrent.build())));
        } catch (MalformedException ours) {
            throw new IllegalStateException(ours);
        }
    }

    private static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    public Metainfo metainfo() {
        return metainfo;
    }

    /// For a seeder.
    public MemoryStore whole() {
        return new MemoryStore(bytes);
    }

    /// For a leecher.
    public MemoryStore empty() {
        return new MemoryStore(bytes.length);
    }
}
