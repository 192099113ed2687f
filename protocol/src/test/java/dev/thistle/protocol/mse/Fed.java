package dev.thistle.protocol.mse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.protocol.MalformedException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;

/// A machine with the buffer before it, run until it must read or is done.
final class Fed {

    interface Machine {
        MseNext receive(ByteBuffer in) throws MalformedException;
    }

    private final Machine machine;
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private final ByteBuffer in = ByteBuffer.allocate(128 * 1024).flip();
    private int asked;
    private Optional<MseNext.Done> done = Optional.empty();

    Fed(Machine machine) {
        this.machine = machine;
    }

    static Fed of(MseInitiator machine) throws MalformedException {
        var fed = new Fed(machine::receive);
        fed.run();
        return fed;
    }

    static Fed of(MseResponder machine) throws MalformedException {
        var fed = new Fed(machine::receive);
        fed.run();
        return fed;
    }

    Fed arrive(byte... bytes) throws MalformedException {
        in.compact().put(bytes).flip();
        run();
        return this;
    }

    /// One byte at a time.
    Fed arriveSlowly(byte... bytes) throws MalformedException {
        for (byte one : bytes) {
            arrive(one);
        }
        return this;
    }

    /// In pieces of random sizes.
    Fed arriveCut(byte[] bytes, Random random) throws MalformedException {
        int at = 0;
        while (at < bytes.length) {
            int piece = 1 + random.nextInt(Math.min(200, bytes.length - at));
            arrive(Arrays.copyOfRange(bytes, at, at + piece));
            at += piece;
        }
        return this;
    }

    private void run() throws MalformedException {
        while (done.isEmpty()) {
            switch (machine.receive(in)) {
                case MseNext.Send(ByteBuffer bytes) -> sent.writeBytes(bytes(bytes));
                case MseNext.Read(int atLeastBytes) -> {
                    assertThat(atLeastBytes).as("asked for").isPositive();
                    asked = atLeastBytes;
                    return;
                }
                case MseNext.Done over -> {
                    asked = 0;
                    done = Optional.of(over);
                }
            }
        }
    }

    /// What the machine asked for last.
    int asked() {
        return asked;
    }

    boolean isDone() {
        return done.isPresent();
    }

    MseNext.Done done() {
        return done.orElseThrow();
    }

    byte[] initialPayload() {
        return bytes(done().initialPayload().duplicate());
    }

    /// All that the machine has sent since the last call.
    byte[] takeSent() {
        byte[] bytes = sent.toByteArray();
        sent.reset();
        return bytes;
    }

    /// What the machine has left in the buffer.
    byte[] left() {
        return bytes(in.duplicate());
    }

    /// What is in the buffer, as payload.
    byte[] payload() {
        byte[] bytes = left();
        done().cipher().decrypt(ByteBuffer.wrap(bytes));
        return bytes;
    }

    static byte[] bytes(ByteBuffer from) {
        byte[] bytes = new byte[from.remaining()];
        from.get(bytes);
        return bytes;
    }
}
