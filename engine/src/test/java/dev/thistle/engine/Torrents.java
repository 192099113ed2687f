package dev.thistle.engine;

import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.metainfo.MetainfoReader;
import dev.thistle.protocol.metainfo.TorrentBuilder;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/// Small torrents for tests.
public final class Torrents {

    private Torrents() {}

    /// A torrent of one file.
    public static Metainfo of(String name, byte[] content, int pieceBytes) {
        return of(TorrentBuilder.ofFile(name, content.length, pieceBytes), content, pieceBytes);
    }

    /// A torrent of one file that web servers have.
    static Metainfo of(String name, byte[] content, int pieceBytes, String... webSeeds) {
        var builder = TorrentBuilder.ofFile(name, content.length, pieceBytes);
        List.of(webSeeds).forEach(builder::webSeed);
        return of(builder, content, pieceBytes);
    }

    /// A torrent of the files `file-0`, `file-1` and so on that a web server has.
    static Metainfo ofFolder(
            String name, byte[] content, int pieceBytes, int[] lengthsBytes, String webSeed) {
        var builder = TorrentBuilder.ofFolder(name, pieceBytes).webSeed(webSeed);
        for (int i = 0; i < lengthsBytes.length; i++) {
            builder.file(List.of("file-" + i), lengthsBytes[i]);
        }
        return of(builder, content, pieceBytes);
    }

    /// A torrent of the files `file-0`, `file-1` and so on, with these lengths.
    public static Metainfo ofFolder(
            String name, byte[] content, int pieceBytes, int... lengthsBytes) {
        var builder = TorrentBuilder.ofFolder(name, pieceBytes);
        for (int i = 0; i < lengthsBytes.length; i++) {
            builder.file(List.of("file-" + i), lengthsBytes[i]);
        }
        return of(builder, content, pieceBytes);
    }

    private static Metainfo of(TorrentBuilder builder, byte[] content, int pieceBytes) {
        try {
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
