package dev.thistle.bench;

import dev.thistle.protocol.rc4.Rc4;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.concurrent.TimeUnit;
import javax.crypto.Cipher;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.SecretKeySpec;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// How many bytes a second does RC4 cost us? Question: is our own class at least 1.8 times as fast
/// as the JDK's ARCFOUR for a block of a download, in place in an array and off the heap?
///
/// One operation is one byte, so "ops/us" reads as MB/s (10^6 bytes). The JDK cannot work in place
/// in a direct buffer, so there it goes from one to another. `jdkHeapToHeap` is the form that suits
/// it best, and that no peer connection has a use for. All of ours run in code that has seen every
/// kind of buffer before, as an engine mixes them; `oursMixed` takes turns.
///
/// Run `scripts/bench Rc4 -prof dev.thistle.bench.CpuTimeProfiler`; compare
/// `bench/baselines/rc4.md`.
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@OperationsPerInvocation(Rc4Benchmark.BLOCK_BYTES)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class Rc4Benchmark {

    /// A block, the unit that peers ask for.
    static final int BLOCK_BYTES = 16 * 1024;

    private static final byte[] KEY = "a key of MSE's size.".getBytes(StandardCharsets.US_ASCII);

    private final Rc4 ours = new Rc4(KEY);
    private final byte[] array = new byte[BLOCK_BYTES];
    private final byte[] otherArray = new byte[BLOCK_BYTES];
    private final ByteBuffer heap = ByteBuffer.allocate(BLOCK_BYTES);
    private final ByteBuffer direct = ByteBuffer.allocateDirect(BLOCK_BYTES);
    private final ByteBuffer otherDirect = ByteBuffer.allocateDirect(BLOCK_BYTES);
    private final Cipher jdk = jdkCipher();
    private boolean turn;

    private static Cipher jdkCipher() {
        try {
            Cipher cipher = Cipher.getInstance("ARCFOUR");
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(KEY, "ARCFOUR"));
            return cipher;
        } catch (GeneralSecurityException noRc4) {
            throw new IllegalStateException("this JDK has no ARCFOUR to compare with", noRc4);
        }
    }

    @Setup
    public void warmEveryKindOfBuffer() {
        for (int round = 0; round < 2_000; round++) {
            ours.apply(heap);
            ours.apply(direct);
            ours.apply(array, 0, BLOCK_BYTES);
        }
    }

    @Benchmark
    public void oursArray() {
        ours.apply(array, 0, BLOCK_BYTES);
    }

    @Benchmark
    public void oursHeap() {
        ours.apply(heap);
    }

    @Benchmark
    public void oursDirect() {
        ours.apply(direct);
    }

    @Benchmark
    public void oursMixed() {
        turn = !turn;
        ours.apply(turn ? heap : direct);
    }

    @Benchmark
    public void oursDirectToDirect() {
        ours.apply(direct.clear(), otherDirect.clear());
    }

    @Benchmark
    public int jdkHeap() throws ShortBufferException {
        return jdk.update(array, 0, BLOCK_BYTES, array, 0);
    }

    @Benchmark
    public int jdkHeapToHeap() throws ShortBufferException {
        return jdk.update(array, 0, BLOCK_BYTES, otherArray, 0);
    }

    @Benchmark
    public int jdkDirectToDirect() throws ShortBufferException {
        return jdk.update(direct.clear(), otherDirect.clear());
    }
}
