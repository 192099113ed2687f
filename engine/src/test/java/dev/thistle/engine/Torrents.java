package dev.thistle.engine;

import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.Sha256;
import dev.thistle.protocol.merkle.HashLayer;
import dev.thistle.protocol.merkle.TreeShape;
import dev.thistle.protocol.metainfo.FileEntry;
import dev.thistle.protocol.metainfo.MetaVersion;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.metainfo.MetainfoReader;
import dev.thistle.protocol.metainfo.TorrentBuilder;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
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

    /// What was begun, with the hashes of v1.
    static Metainfo of(TorrentBuilder builder, byte[] content, int pieceBytes) {
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

    /// A v2 or hybrid torrent of the files `file-0`, `file-1` and so on, with these lengths and a
    /// content that [#stream] lays out.
    public static Metainfo ofFolder(
            MetaVersion version, byte[] content, int pieceBytes, int... lengthsBytes) {
        var builder = TorrentBuilder.ofFolder("folder", pieceBytes).version(version);
        for (int i = 0; i < lengthsBytes.length; i++) {
            builder.file(List.of("file-" + i), lengthsBytes[i]);
        }
        int from = 0;
        for (int i = 0; i < lengthsBytes.length; i++) {
            byte[] file = Arrays.copyOfRange(content, from, from + lengthsBytes[i]);
            from += lengthsBytes[i];
            if (version.hasV2() && file.length > 0) {
                tellTree(builder, List.of("file-" + i), file, pieceBytes);
            }
            for (int at = 0; version.hasV1() && at < file.length; at += pieceBytes) {
                builder.pieceHash(digest("SHA-1", Arrays.copyOfRange(file, at, at + pieceBytes)));
            }
        }
        try {
            return MetainfoReader.read(ByteBuffer.wrap(builder.build()));
        } catch (MalformedException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static void tellTree(
            TorrentBuilder builder, List<String> path, byte[] file, int pieceBytes) {
        ByteBuffer leaves =
                ByteBuffer.allocate(
                        Math.ceilDiv(file.length, TreeShape.BLOCK_BYTES) * Sha256.BYTES);
        for (int at = 0; at < file.length; at += TreeShape.BLOCK_BYTES) {
            int end = Math.min(at + TreeShape.BLOCK_BYTES, file.length);
            leaves.put(digest("SHA-256", Arrays.copyOfRange(file, at, end)));
        }
        HashLayer layer = HashLayer.of(0, leaves.flip());
        Sha256 root = layer.root(TreeShape.ofFile(file.length).height());
        builder.root(path, root);
        if (file.length > pieceBytes) {
            while (layer.level() < TreeShape.pieceLevel(pieceBytes)) {
                layer = layer.parent();
            }
            builder.pieceLayer(root, layer);
        }
    }

    private static byte[] digest(String algorithm, byte[] bytes) {
        try {
            return MessageDigest.getInstance(algorithm).digest(bytes);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /// The content at its positions, with zeros where padding is.
    public static byte[] stream(Metainfo metainfo, byte[] content) {
        byte[] stream = new byte[Math.toIntExact(metainfo.spanBytes())];
        int from = 0;
        for (FileEntry file : metainfo.files()) {
            if (!file.padding()) {
                System.arraycopy(
                        content, from, stream, (int) file.position(), (int) file.lengthBytes());
                from += (int) file.lengthBytes();
            }
        }
        return stream;
    }
}
