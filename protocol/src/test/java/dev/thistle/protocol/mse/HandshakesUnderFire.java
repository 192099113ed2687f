package dev.thistle.protocol.mse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.protocol.MalformedException;
import java.util.Arrays;
import java.util.Random;
import tools.jackson.databind.JsonNode;

/// Both sides of MSE before any bytes: from the first one, and behind a right key exchange, where
/// what comes is XORed over a recorded step, so that zeros pass and each bit that is set is one
/// that was turned over on the way.
public final class HandshakesUnderFire {

    /// The longest handshake is shorter.
    private static final int MOST_BYTES = 20_000;

    private HandshakesUnderFire() {}

    public static void responder(byte[] data) throws MalformedException {
        JsonNode vector = Vectors.MADE.get("handshakes").get(0);
        feed(Fed.of(MseVectorTest.responder(vector)), data);
        Fed keyed = Fed.of(MseVectorTest.responder(vector));
        keyed.arrive(Vectors.bytes(vector, "step1"));
        feed(keyed, over(Vectors.bytes(vector, "step3"), data));
    }

    public static void initiator(byte[] data) throws MalformedException {
        JsonNode vector = Vectors.MADE.get("handshakes").get(0);
        feed(Fed.of(MseVectorTest.initiator(vector)), data);
        Fed keyed = Fed.of(MseVectorTest.initiator(vector));
        keyed.arrive(Vectors.bytes(vector, "step2"));
        feed(keyed, over(Vectors.bytes(vector, "step4"), data));
    }

    private static byte[] over(byte[] step, byte[] data) {
        byte[] turned = Arrays.copyOf(step, Math.max(step.length, data.length));
        for (int i = 0; i < data.length; i++) {
            turned[i] ^= data[i];
        }
        return turned;
    }

    private static void feed(Fed fed, byte[] data) {
        var random = new Random(data.length);
        try {
            for (int at = 0; !fed.isDone() && at < Math.min(data.length, MOST_BYTES); ) {
                int count = 1 + random.nextInt(Math.min(200, data.length - at));
                fed.arrive(Arrays.copyOfRange(data, at, at + count));
                at += count;
            }
        } catch (MalformedException refused) {
            assertThat(refused).hasMessageStartingWith("mse.");
        }
    }
}
