package dev.thistle.isp.detect;

import dev.thistle.isp.flow.Flow;
import dev.thistle.isp.packet.Packet;
import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.peer.Handshake;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// D-S1: the plain handshake of peers, in either direction: 19, `BitTorrent protocol`, and, after
/// eight reserved bytes, the info-hash.
///
/// Tolerant as deployed boxes are: another byte in the place of the 19, or none, will do. The
/// verdict waits for the info-hash. Source: isp.md 4.1, BEP 3.
public final class HandshakeSignature implements Detector {

    public static final String ID = "D-S1";

    private static final byte[] NAME = "BitTorrent protocol".getBytes(StandardCharsets.US_ASCII);

    private static final int RESERVED_BYTES = Long.BYTES;

    private final OncePerFlow once = new OncePerFlow(ID, HandshakeSignature::evidence);

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Verdict> observe(Packet packet, Flow flow) {
        return once.observe(packet, flow);
    }

    private static Optional<String> evidence(Talk talk) {
        return evidence(talk.client(), "client").or(() -> evidence(talk.server(), "server"));
    }

    private static Optional<String> evidence(ByteBuffer stream, String speaker) {
        for (int at : new int[] {1, 0}) {
            int hash = at + NAME.length + RESERVED_BYTES;
            if (stream.remaining() >= hash + InfoHash.BYTES && hasName(stream, at)) {
                boolean isExact = at == 1 && stream.get(0) == Handshake.HEADER_BYTES - 1;
                return Optional.of(
                        "the %s begins with %s'BitTorrent protocol'; info-hash %s"
                                .formatted(
                                        speaker,
                                        isExact ? "19 and " : "(without the 19) ",
                                        InfoHash.read(stream.duplicate().position(hash))));
            }
        }
        return Optional.empty();
    }

    private static boolean hasName(ByteBuffer stream, int at) {
        return stream.slice(at, NAME.length).equals(ByteBuffer.wrap(NAME));
    }
}
