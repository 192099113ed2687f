package dev.thistle.protocol.metainfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Every v2 and hybrid torrent that is refused, and the one line that says why. `R` stands for the
/// 32 bytes of a root, `P` for the 20 of a piece hash.
class V2RefusalTest {

    private static final String ROOT = "R".repeat(32);
    private static final String REST = "12:meta versioni2e4:name1:d12:piece lengthi16384e";

    /// One file of five bytes, its description and the end of everything it is in.
    private static final String A = "1:ad0:d6:lengthi5e11:pieces root32:Reee";

    @Test
    void the_smallest_torrents_are_read() throws Exception {
        assertThat(read("9:file treed" + A + REST).version()).isEqualTo(MetaVersion.V2);
        Metainfo hybrid =
                read(
                        "9:file treed"
                                + A
                                + "5:filesld6:lengthi5e4:pathl1:aeee"
                                + REST
                                + "6:pieces20:P");
        assertThat(hybrid.version()).isEqualTo(MetaVersion.HYBRID);
        assertThat(hybrid.isSingleFile()).isFalse();
    }

    @Test
    void a_lone_file_called_as_the_torrent_is_the_torrent() throws Exception {
        String file = "9:file treed1:dd0:d6:lengthi5e11:pieces root32:Reee";

        assertThat(read(file + REST).isSingleFile()).isTrue();
        assertThat(read(file + "6:lengthi5e" + REST + "6:pieces20:P").isSingleFile()).isTrue();
    }

    @Test
    void folders_attributes_and_empty_files_are_read() throws Exception {
        Metainfo torrent =
                read(
                        "9:file treed1:ad1:bd0:d4:attr2:xh6:lengthi5e11:pieces root32:Reee"
                                + "1:cd0:d6:lengthi0eee"
                                + "1:dd0:d4:attr1:l12:symlink pathl1:aeee"
                                + "1:ed0:d6:lengthi1e11:pieces root32:Reee"
                                + REST);

        assertThat(torrent.files())
                .extracting(file -> String.join("/", file.path()))
                .containsExactly("a/b", "c", "d", ".pad/16379", "e");
        assertThat(torrent.files().getFirst().attributes())
                .containsExactlyInAnyOrder(FileAttribute.EXECUTABLE, FileAttribute.HIDDEN);
        assertThat(torrent.files().get(2).isLink()).isTrue();
        assertThat(torrent.files())
                .extracting(FileEntry::position)
                .containsExactly(0L, 5L, 5L, 5L, 16384L);
        assertThat(torrent.pieceCount()).isEqualTo(2);
        assertThat(torrent.fileAt(1).path()).containsExactly("e");
        assertThat(torrent.lengthBytes()).isEqualTo(6);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void refuses(String why, String info, String message) {
        assertThatThrownBy(() -> read(info))
                .isInstanceOf(MalformedException.class)
                .hasMessage(message);
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                v2("no tree", REST, "info.file tree: missing, allowed a dictionary of files"),
                v2(
                        "an empty tree",
                        "9:file treede" + REST,
                        "info.file tree: empty, allowed one file or more"),
                v2(
                        "a root that is a file",
                        "9:file treed0:d6:lengthi0eee" + REST,
                        "info.file tree: a file without a name, allowed names"),
                v2(
                        "a file and a folder",
                        "9:file treed1:ad0:d6:lengthi0ee1:bdeee" + REST,
                        "info.file tree.a: a file and a folder, allowed one of them"),
                v2(
                        "a number for a file",
                        "9:file treed1:ai1ee" + REST,
                        "info.file tree.a: an integer, allowed a dictionary"),
                v2(
                        "a number for a description",
                        "9:file treed1:ad0:i1eee" + REST,
                        "info.file tree.a: no description, allowed a dictionary"),
                v2(
                        "no length",
                        "9:file treed1:ad0:deee" + REST,
                        "info.file tree.a.length: missing, allowed a number"),
                v2(
                        "length below 0",
                        "9:file treed1:ad0:d6:lengthi-1eeee" + REST,
                        "info.file tree.a.length: -1, allowed 0..281474976710656"),
                v2(
                        "no root",
                        "9:file treed1:ad0:d6:lengthi5eeee" + REST,
                        "info.file tree.a.pieces root: missing, allowed 32 bytes"),
                v2(
                        "a short root",
                        "9:file treed1:ad0:d6:lengthi5e11:pieces root20:Peee" + REST,
                        "info.file tree.a.pieces root: 20 bytes, allowed 32 bytes"),
                v2(
                        "a name that is not UTF-8",
                        "9:file treed1:\u00ffd0:d6:lengthi0eeee" + REST,
                        "info.file tree: name '\ufffd' is not UTF-8, allowed only that"),
                v2(
                        "a piece that is no power of two",
                        "9:file treed" + A + REST.replace("16384", "49152"),
                        "info.piece length: 49152, allowed in v2 a power of two"),
                v2(
                        "a piece below a block",
                        "9:file treed" + A + REST.replace("16384", "8192"),
                        "info.piece length: 8192, allowed 16384..134217728"),
                v2(
                        "unsorted keys",
                        REST + "9:file treed" + A,
                        "bencode at byte 61: key 'file tree' after 'piece length', allowed only in byte order"),
                v2(
                        "unsorted names",
                        "9:file treed1:bd0:d6:lengthi0eee1:ad0:d6:lengthi0eeee" + REST,
                        "bencode at byte 36: key 'a' after 'b', allowed only in byte order"),
                v2(
                        "no piece layer",
                        "9:file treed" + A.replace("5e", "16385e") + REST,
                        "piece layers: none for a, allowed one for each such file"),
                hybrid(
                        "another length",
                        "ld6:lengthi4e4:pathl1:aeee",
                        "info: files and file tree differ at a, allowed the same files at the same places"),
                hybrid(
                        "another name",
                        "ld6:lengthi5e4:pathl1:beee",
                        "info: files and file tree differ at b, allowed the same files at the same places"),
                hybrid(
                        "a file more",
                        "ld6:lengthi5e4:pathl1:aeed6:lengthi0e4:pathl1:beee",
                        "info: files and file tree differ at b, allowed the same files at the same places"),
                hybrid(
                        "padding alone",
                        "ld4:attr1:p6:lengthi5e4:pathl1:aeee",
                        "info: 0 files and a file tree of 1, allowed as many"),
                hybrid(
                        "padding that does not fill the piece",
                        "ld6:lengthi5e4:pathl1:aeed4:attr1:p6:lengthi4e4:pathl1:peee",
                        "info: padding at the end that does not fill the piece, allowed all of it or none"),
                v2(
                        "a single file of another name",
                        "9:file treed" + A + "6:lengthi5e" + REST + "6:pieces20:P",
                        "info: files and file tree differ at d, allowed the same files at the same places"),
                v2(
                        "no padding between files",
                        "9:file treed"
                                + A.substring(0, A.length() - 1)
                                + "1:b"
                                + A.substring(3)
                                + "5:filesld6:lengthi5e4:pathl1:aeed6:lengthi5e4:pathl1:beee"
                                + REST
                                + "6:pieces20:P",
                        "info: files and file tree differ at b, allowed the same files at the same places"));
    }

    @Test
    void refuses_piece_layers_that_do_not_lead_to_the_root() throws Exception {
        byte[] layer = new byte[2 * Sha256.BYTES];
        layer[5] = 1;
        byte[] root = MessageDigest.getInstance("SHA-256").digest(layer);
        String good = latin(layer);
        layer[40] = 1;

        assertThat(withLayer(latin(root), good).pieceLayers().all()).hasSize(1);
        assertThatThrownBy(() -> withLayer(latin(root), latin(layer)))
                .hasMessage("piece layers: those of a do not lead to its root (BAD_VALUE)");
        assertThatThrownBy(() -> withLayer(latin(root), good.substring(1)))
                .hasMessage("piece layers: 63 bytes for a, allowed 64 (BAD_VALUE)");
        assertThatThrownBy(() -> withLayer("x".repeat(32), good))
                .hasMessage("piece layers: none for a, allowed one for each such file (BAD_VALUE)");
    }

    private static Metainfo withLayer(String root, String layer) throws MalformedException {
        String info =
                "9:file treed1:ad0:d6:lengthi16385e11:pieces root32:" + root + "eee" + REST + "e";
        String torrent =
                "d4:infod%s12:piece layersd32:%s%d:%see"
                        .formatted(
                                info,
                                root.startsWith("x") ? "y".repeat(32) : root,
                                layer.length(),
                                layer);
        return MetainfoReader.read(ByteBuffer.wrap(torrent.getBytes(StandardCharsets.ISO_8859_1)));
    }

    private static String latin(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static Arguments v2(String why, String info, String message) {
        return Arguments.of(why, info, message + " (BAD_VALUE)");
    }

    private static Arguments hybrid(String why, String files, String message) {
        return v2(why, "9:file treed" + A + "5:files" + files + REST + "6:pieces20:P", message);
    }

    private static Metainfo read(String info) throws MalformedException {
        String torrent =
                "d4:infod%see"
                        .formatted(
                                info.replace("32:R", "32:" + ROOT)
                                        .replace("20:P", "20:" + "P".repeat(20)));
        return MetainfoReader.read(ByteBuffer.wrap(torrent.getBytes(StandardCharsets.ISO_8859_1)));
    }
}
