package dev.thistle.engine.peers;

import static dev.thistle.protocol.MalformedException.Rule.BAD_VALUE;
import static java.util.Objects.requireNonNull;

import dev.thistle.engine.settings.EncryptionPolicy;
import dev.thistle.engine.snapshot.Protection;
import dev.thistle.net.Link;
import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.mse.CryptoMethod;
import dev.thistle.protocol.mse.IncomingStream;
import dev.thistle.protocol.mse.MseInitiator;
import dev.thistle.protocol.mse.MseNext;
import dev.thistle.protocol.mse.MseResponder;
import dev.thistle.protocol.mse.PadPolicy;
import dev.thistle.protocol.mse.SkeyIndex;
import dev.thistle.protocol.mse.StreamCipher;
import dev.thistle.protocol.peer.Handshake;
import dev.thistle.protocol.peer.HandshakeReader;
import dev.thistle.protocol.peer.HandshakeReader.Next;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/// Exchanges the handshakes of a new link: Message Stream Encryption (MSE) if it is wanted or
/// offered, then BitTorrent's. Plain blocking code around the pure machines; run each call on its
/// own virtual thread. The caller closes the link when a call throws.
public final class Greeter {

    /// Above the largest MSE step with all its pads and tolerated initial payload, so one handshake
    /// never needs a second buffer.
    private static final int BUFFER_BYTES = 32 * 1024;

    /// More than is left of a handshake inside MSE, however little of it came as initial payload.
    private static final int ROOM_BYTES = 1024;

    /// How long the other side may say nothing in between: who stalls does not hold a place among
    /// the greetings for as long as who is slow.
    static final Duration SILENCE = Duration.ofSeconds(10);

    private final PadPolicy pads;
    private final RandomGenerator random;
    private final Duration patience;

    /// Greets with these pads and this patience.
    ///
    /// @param random for keys and pads: cryptographically strong outside of tests
    /// @param patience for a whole greeting, so that a byte now and then does not keep it alive
    public Greeter(PadPolicy pads, RandomGenerator random, Duration patience) {
        this.pads = pads;
        this.random = random;
        this.patience = patience;
    }

    /// What is left of the patience for one greeting.
    private static final class TimeLeft {
        private final long endNanos;

        TimeLeft(Duration patience) {
            endNanos = System.nanoTime() + patience.toNanos();
        }

        /// For one read or write. At least a moment, so that the link itself says that the time is
        /// over.
        Duration get() {
            return Duration.ofNanos(Math.clamp(endNanos - System.nanoTime(), 1, SILENCE.toNanos()));
        }
    }

    /// The other side closed, stalled or answered nonsense before it proved that it speaks MSE. A
    /// plaintext attempt may succeed.
    public static final class NoMseException extends IOException {
        NoMseException(String message, IOException cause) {
            super(message, cause);
        }
    }

    /// Greets the peer that `link` calls, in plaintext.
    ///
    /// @param answers the names of the torrent that it may answer with
    public Greeted callPlain(Link link, Handshake ours, Collection<InfoHash> answers)
            throws IOException {
        var time = new TimeLeft(patience);
        link.write(handshakeBytes(ours), time.get());
        ByteBuffer in = ByteBuffer.allocate(BUFFER_BYTES).flip();
        return finish(link, in, answers, Protection.PLAINTEXT, time);
    }

    /// Greets the peer that `link` calls, by MSE.
    ///
    /// @param answers the names of the torrent that it may answer with
    /// @param offer what may protect the payload
    /// @throws NoMseException if the other side does not seem to speak MSE
    public Greeted callMse(
            Link link, Handshake ours, Collection<InfoHash> answers, Set<CryptoMethod> offer)
            throws IOException {
        var time = new TimeLeft(patience);
        ByteBuffer in = ByteBuffer.allocate(BUFFER_BYTES).flip();
        ByteBuffer handshake = handshakeBytes(ours);
        var machine = new MseInitiator(ours.infoHash(), offer, handshake, pads, random);
        StreamCipher cipher;
        try {
            cipher = run(link, in, machine::receive, time).cipher();
        } catch (IOException failed) {
            if (machine.provedMse()) {
                throw failed;
            }
            throw new NoMseException(
                    "%s does not answer MSE: %s".formatted(link.remote(), failed.getMessage()),
                    failed);
        }
        var ciphered = new EncryptedLink(link, cipher);
        cipher.decrypt(in);
        ByteBuffer unsent = handshakeBytes(ours).position(machine.handshakeBytesSent());
        if (unsent.hasRemaining()) {
            ciphered.write(unsent, time.get());
        }
        return finish(ciphered, in, answers, protection(cipher), time);
    }

    /// Reads the answer to the handshake that we sent.
    private static Greeted finish(
            Link link,
            ByteBuffer in,
            Collection<InfoHash> answers,
            Protection protection,
            TimeLeft time)
            throws IOException {
        var reader = new HandshakeReader();
        while (true) {
            switch (reader.receive(in)) {
                case Next.Read(int _) -> readMore(link, in, time);
                case Next.Asked(InfoHash infoHash, _) -> requireOneOf(infoHash, answers);
                case Next.Greeted(Handshake theirs) -> {
                    return new Greeted(
                            link, exactly(in), theirs, theirs.infoHash(), protection, false);
                }
            }
        }
    }

    /// What is said to callers.
    public interface Answers {

        /// Our handshake for a torrent, or nothing if it is not served here.
        ///
        /// @param reserved the caller's capability bits
        Optional<Handshake> to(InfoHash asked, long reserved);
    }

    /// Greets a peer that called us.
    ///
    /// @param policy what is accepted
    /// @param torrents whom MSE callers may ask for
    public Greeted answer(Link link, EncryptionPolicy policy, SkeyIndex torrents, Answers answers)
            throws IOException {
        var time = new TimeLeft(patience);
        ByteBuffer in = ByteBuffer.allocate(BUFFER_BYTES).flip();
        IncomingStream kind = IncomingStream.detect(in);
        while (kind == IncomingStream.UNDECIDED) {
            readMore(link, in, time);
            kind = IncomingStream.detect(in);
        }
        if (kind == IncomingStream.PLAINTEXT) {
            if (!policy.permitsPlaintext()) {
                throw new MalformedException(
                        BAD_VALUE, "handshake", 0, "plaintext, allowed only MSE");
            }
            return answerPlain(link, in, Optional.empty(), Protection.PLAINTEXT, answers, time);
        }
        if (!policy.permitsMse()) {
            throw new MalformedException(
                    BAD_VALUE, "handshake", 0, "MSE or noise, allowed only plaintext");
        }
        var machine = new MseResponder(torrents, policy.preference(), pads, random);
        MseNext.Done done = run(link, in, machine::receive, time);
        done.cipher().decrypt(in);
        int known = done.initialPayload().remaining() + in.remaining();
        ByteBuffer payload = ByteBuffer.allocate(known + ROOM_BYTES);
        payload.put(done.initialPayload()).put(in).flip();
        return answerPlain(
                new EncryptedLink(link, done.cipher()),
                payload,
                Optional.of(done.infoHash()),
                protection(done.cipher()),
                answers,
                time);
    }

    /// The part after MSE, or without it. A second MSE handshake inside the first is refused by the
    /// reader, since it does not start with the protocol's header.
    private static Greeted answerPlain(
            Link link,
            ByteBuffer in,
            Optional<InfoHash> expected,
            Protection protection,
            Answers answers,
            TimeLeft time)
            throws IOException {
        var reader = new HandshakeReader();
        InfoHash name = null;
        while (true) {
            switch (reader.receive(in)) {
                case Next.Read(int _) -> readMore(link, in, time);
                case Next.Asked(InfoHash infoHash, long reserved) -> {
                    if (expected.isPresent()) {
                        requireOneOf(infoHash, Set.of(expected.get()));
                    }
                    Handshake ours =
                            answers.to(infoHash, reserved)
                                    .orElseThrow(
                                            () -> new IOException("asked for an unknown torrent"));
                    name = ours.infoHash();
                    link.write(handshakeBytes(ours), time.get());
                }
                case Next.Greeted(Handshake theirs) -> {
                    InfoHash answered = requireNonNull(name, "greeted before it asked");
                    return new Greeted(link, exactly(in), theirs, answered, protection, true);
                }
            }
        }
    }

    private static void requireOneOf(InfoHash found, Collection<InfoHash> allowed)
            throws IOException {
        if (!allowed.contains(found)) {
            throw new MalformedException(
                    BAD_VALUE,
                    "handshake.info-hash",
                    Handshake.PROLOGUE_BYTES - InfoHash.BYTES,
                    "another torrent's, allowed only the one that was asked for");
        }
    }

    private interface Machine {
        MseNext receive(ByteBuffer in) throws MalformedException;
    }

    private static MseNext.Done run(Link link, ByteBuffer in, Machine machine, TimeLeft time)
            throws IOException {
        while (true) {
            switch (machine.receive(in)) {
                case MseNext.Send(ByteBuffer bytes) -> link.write(bytes, time.get());
                case MseNext.Read(int _) -> readMore(link, in, time);
                case MseNext.Done done -> {
                    return done;
                }
            }
        }
    }

    private static void readMore(Link link, ByteBuffer in, TimeLeft time) throws IOException {
        in.compact();
        if (!in.hasRemaining()) {
            throw new MalformedException(
                    MalformedException.Rule.TOO_LARGE,
                    "handshake",
                    in.position(),
                    "more than the %d bytes allowed".formatted(in.capacity()));
        }
        int count = link.read(in, time.get());
        in.flip();
        if (count < 0) {
            throw new EOFException("%s hung up during the handshake".formatted(link.remote()));
        }
    }

    /// What came behind the handshake, in no more memory than it takes.
    private static ByteBuffer exactly(ByteBuffer in) {
        return ByteBuffer.allocate(in.remaining()).put(in).flip();
    }

    private static ByteBuffer handshakeBytes(Handshake handshake) {
        ByteBuffer bytes = ByteBuffer.allocate(Handshake.BYTES);
        handshake.writeTo(bytes);
        return bytes.flip();
    }

    private static Protection protection(StreamCipher cipher) {
        return switch (cipher.method()) {
            case PLAINTEXT -> Protection.MSE_PLAINTEXT;
            case RC4 -> Protection.MSE_RC4;
        };
    }
}
