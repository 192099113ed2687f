package dev.thistle.engine.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.engine.peers.PeerEvent.Utterance;
import dev.thistle.engine.settings.BufferLimits;
import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.peer.PeerMessage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/// Any bytes as what a peer says, in one read and in many: the same is heard, or both are refused.
public final class FramesUnderFire {

    private static final int PIECES = 10;
    private static final BufferPool POOL = new BufferPool(BufferLimits.DEFAULT, 0);

    private FramesUnderFire() {}

    public static void attack(byte[] data) throws IOException {
        for (int pieces : List.of(PIECES, IncomingFrames.UNKNOWN)) {
            assertThat(heard(pieces, data, new Random(data.length), 200))
                    .isEqualTo(heard(pieces, data, new Random(0), Integer.MAX_VALUE));
        }
    }

    /// What is heard until all is read, or nothing if it is refused.
    private static Optional<List<Utterance>> heard(
            int pieces, byte[] data, Random random, int mostBytes) throws IOException {
        var frames = new IncomingFrames(pieces, (piece, begin, _) -> (piece + begin) % 2 == 0);
        var heard = new ArrayList<Utterance>();
        ByteBuffer in = ByteBuffer.allocate(0);
        try (var buffer = new ReceiveBuffer(POOL, () -> false)) {
            for (int at = 0; at < data.length; ) {
                in = buffer.roomAfter(in, frames.wantedBytes(in), random.nextBoolean());
                int room = Math.min(in.remaining(), data.length - at);
                int count = Math.min(room, 1 + random.nextInt(mostBytes));
                in.put(data, at, count).flip();
                at += count;
                heard.addAll(
                        frames.read(
                                in,
                                (piece, begin, block) ->
                                        new Utterance.Said(
                                                new PeerMessage.Request(
                                                        piece, begin, block.remaining()))));
            }
        } catch (MalformedException refused) {
            assertThat(refused.getMessage()).doesNotContain("\n").isNotBlank();
            return Optional.empty();
        }
        return Optional.of(heard);
    }
}
