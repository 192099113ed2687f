package dev.thistle.engine.resume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.engine.Torrents;
import dev.thistle.engine.storage.FileStamp;
import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.bencode.BencodeValue.Dict;
import dev.thistle.protocol.bencode.BencodeWriter;
import dev.thistle.protocol.metainfo.Metainfo;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/// Any bytes as a resume file, and as its state under the right checksum. What is read trusts no
/// piece that the torrent does not have.
public final class ResumeUnderFire {

    private static final Metainfo METAINFO = Torrents.of("content", new byte[100_000], 32 * 1024);

    private ResumeUnderFire() {}

    public static void attack(byte[] data) throws NoSuchAlgorithmException {
        read(data);
        read(
                BencodeWriter.write(
                        Dict.builder()
                                .put("checksum", MessageDigest.getInstance("SHA-1").digest(data))
                                .put("format", "thistle-resume")
                                .put("state", data)
                                .put("version", 1)
                                .build()));
    }

    private static void read(byte[] file) {
        try {
            ResumeData data = ResumeCodec.decode(ByteBuffer.wrap(file));
            assertThat(ResumeCodec.decode(ByteBuffer.wrap(ResumeCodec.encode(data))))
                    .isEqualTo(data);
            Findings found =
                    Findings.of(data, METAINFO, List.of(new FileStamp(100_000, 0)), data.boot());
            assertThat(found.trusted().length()).isLessThanOrEqualTo(METAINFO.pieceCount());
            assertThat(found.inDoubt().length()).isLessThanOrEqualTo(METAINFO.pieceCount());
        } catch (MalformedException refused) {
            assertThat(refused.getMessage()).doesNotContain("\n").isNotBlank();
        }
    }
}
