package dev.thistle.bench;

import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.mse.CryptoMethod;
import dev.thistle.protocol.mse.MseInitiator;
import dev.thistle.protocol.mse.MseNext;
import dev.thistle.protocol.mse.MseResponder;
import dev.thistle.protocol.mse.PadPolicy;
import dev.thistle.protocol.mse.SkeyIndex;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What does an MSE handshake cost? Question: how much less than `BigInteger` do our own powers
/// take, and what is left beside them?
///
/// `keyAndSecret` is what 96 bytes of a stranger cost: our key and the secret, two powers.
/// `jdkPowers` are the same two by `BigInteger`. `bothSides` plays a whole handshake in memory, so
/// four powers, four streams of RC4 and all the rest, twice.
///
/// Run `scripts/bench Mse -prof dev.thistle.bench.CpuTimeProfiler`; compare
/// `bench/baselines/mse.md`.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class MseBenchmark {

    private static final BigInteger P =
            new BigInteger(
                    "ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22"
                            + "514a08798e3404ddef9519b3cd3a431b302b0a6df25f14374fe1356d6d51c245"
                            + "e485b576625e7ec6f44c42e9a63a36210000000000090563",
                    16);

    private static final InfoHash TORRENT = InfoHash.of(new byte[InfoHash.BYTES]);

    private final RandomGenerator random = new SecureRandom();
    private final SkeyIndex torrents = SkeyIndex.EMPTY.with(TORRENT);
    private final ByteBuffer theirKey = ByteBuffer.allocate(96);
    private BigInteger theirNumber = BigInteger.TWO;

    @Setup
    public void drawTheirKey() {
        theirNumber = new BigInteger(767, new Random(1));
        byte[] bytes = theirNumber.toByteArray();
        theirKey.put(96 - bytes.length, bytes);
    }

    @Benchmark
    public MseNext keyAndSecret() throws MalformedException {
        return responder().receive(theirKey.duplicate());
    }

    @Benchmark
    public BigInteger jdkPowers() {
        byte[] exponent = new byte[20];
        random.nextBytes(exponent);
        var x = new BigInteger(1, exponent);
        return BigInteger.TWO.modPow(x, P).xor(theirNumber.modPow(x, P));
    }

    @Benchmark
    public MseNext bothSides() throws MalformedException {
        var initiator =
                new MseInitiator(
                        TORRENT,
                        Set.of(CryptoMethod.RC4),
                        ByteBuffer.allocate(68),
                        PadPolicy.NONE,
                        random);
        MseResponder responder = responder();
        ByteBuffer none = ByteBuffer.allocate(0);
        ByteBuffer ya = sent(initiator.receive(none));
        ByteBuffer yb = sent(responder.receive(ya));
        ByteBuffer asked = sent(initiator.receive(yb));
        ByteBuffer answer = sent(responder.receive(asked));
        responder.receive(asked);
        return initiator.receive(answer);
    }

    private MseResponder responder() {
        return new MseResponder(torrents, List.of(CryptoMethod.RC4), PadPolicy.NONE, random);
    }

    private static ByteBuffer sent(MseNext next) {
        if (next instanceof MseNext.Send(ByteBuffer bytes)) {
            return bytes;
        }
        throw new IllegalStateException("nothing to send, but " + next);
    }
}
