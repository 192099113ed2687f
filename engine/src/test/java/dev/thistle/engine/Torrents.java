package dev.thistle.engine;

import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.metainfo.MetainfoReader;
import dev.thistle.protocol.metainfo.TorrentBuilder;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// Small torrents for tests.
public final class Torrents {

    private Torrents() {}

    /// A torrent of one file.
    public static Metainfo of(String name, byte[] content, int pieceBytes) {
        try {
            var builder = TorrentBuilder.ofFile(name, content.length, pieceBytes);
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            for (int at = 0; at < content.length; at += pieceBytes) {
                sha1.update(content, at, Math.min(pieceBytes, content.length - at));
                builder.pieceHash(sha1.digest());
            }
            return MetainfoReader.read(ByteBuffer.wrap(builder.build()));
        } catch (NoSuchAlgorithmException | MalformedException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
