package dev.thistle.protocol.mse;

import static dev.thistle.protocol.MalformedException.Rule.BAD_VALUE;
import static dev.thistle.protocol.MalformedException.Rule.TOO_LARGE;

import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.mse.PadPolicy.Pad;
import dev.thistle.protocol.mse.StreamCipher.Rc4Pair;
import dev.thistle.protocol.peer.Handshake;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.random.RandomGenerator;

/// The side of an MSE handshake that opened the connection, as a machine that is fed bytes.
///
/// | state       | waits for           | then                              | next        |
/// | ----------- | ------------------- | --------------------------------- | ----------- |
/// | `Start`     | nothing             | sends `Ya`, PadA                  | `AwaitYb`   |
/// | `AwaitYb`   | 96 bytes            | sends req1 … IA                   | `FindVc`    |
/// | `FindVc`    | VC within 616 bytes | knows that the other speaks MSE   | `ReadSelect`|
/// | `ReadSelect`| 6 bytes             | checks `crypto_select` and `lenD` | `PassPadD`  |
/// | `PassPadD`  | `lenD` bytes        | is done                           | `Over`      |
///
/// A broken rule ends in `Over` too, and so does the end of the stream for the caller, who closes.
/// An answer that starts with the plaintext header is refused at once and said to be that: the
/// other side is an old client, and calling it again in plaintext may succeed.
///
/// Never reads past the handshake. Belongs to one connection and one thread at a time.
public final class MseInitiator {

    /// IA when RC4 is all that is offered: the whole handshake. Never more, because libtorrent
    /// closes the connection over 68.
    static final int RC4_IA_BYTES = Handshake.BYTES;

    /// IA when plaintext is offered too: none, as aria2 does. Transmission 3.00 closes the
    /// connection when it selects plaintext and IA holds the whole handshake, and was seen to hang
    /// up on 48 bytes as well; with none every client that was tried goes on.
    static final int PLAINTEXT_IA_BYTES = 0;

    /// VC: eight zeros, which show that the other side knows both S and the info-hash.
    static final int VC_BYTES = Long.BYTES;

    /// `crypto_select` and `lenD`.
    private static final int SELECT_BYTES = Integer.BYTES + Short.BYTES;

    /// The enciphered part of our second step without PadC and IA: VC, `crypto_provide`, `lenC`,
    /// `lenIA`.
    private static final int PROVIDE_BYTES = VC_BYTES + Integer.BYTES + Short.BYTES + Short.BYTES;

    private sealed interface State {
        record Start() implements State {}

        record AwaitYb() implements State {}

        record FindVc(Rc4Pair streams, SyncMark vc) implements State {}

        record ReadSelect(Rc4Pair streams) implements State {}

        record PassPadD(Rc4Pair streams, CryptoMethod selected, int lenD) implements State {}

        record Over() implements State {}
    }

    private final InfoHash torrent;
    private final Set<CryptoMethod> provide;
    private final byte[] ia;
    private final Pads pads;
    private final KeyExchange keys;
    private State state = new State.Start();
    private boolean provedMse;
    private int handshakeBytesSent;

    /// Calls about `torrent`.
    ///
    /// @param provide what may protect the payload; at least one
    /// @param handshake our BitTorrent handshake, 68 bytes, of which a part goes along as IA; it is
    ///   copied and its position stays
    /// @param pads what an observer sees besides
    /// @param random for the private key and the pads: cryptographically strong outside of tests
    public MseInitiator(
            InfoHash torrent,
            Set<CryptoMethod> provide,
            ByteBuffer handshake,
            PadPolicy pads,
            RandomGenerator random) {
        this(
                torrent,
                provide,
                initialPayload(provide, handshake),
                new Pads(pads, random),
                KeyExchange.draw(random));
    }

    /// For tests: everything that is drawn or chosen is given.
    MseInitiator(
            InfoHash torrent, Set<CryptoMethod> provide, byte[] ia, Pads pads, KeyExchange keys) {
        if (provide.isEmpty()) {
            throw new IllegalArgumentException("nothing to provide, allowed one method or more");
        }
        this.torrent = torrent;
        this.provide = Set.copyOf(provide);
        this.ia = ia;
        this.pads = pads;
        this.keys = keys;
    }

    private static byte[] initialPayload(Set<CryptoMethod> provide, ByteBuffer handshake) {
        if (handshake.remaining() != Handshake.BYTES) {
            throw new IllegalArgumentException(
                    "handshake of %d bytes, allowed %d"
                            .formatted(handshake.remaining(), Handshake.BYTES));
        }
        boolean clear = provide.contains(CryptoMethod.PLAINTEXT);
        byte[] ia = new byte[clear ? PLAINTEXT_IA_BYTES : RC4_IA_BYTES];
        handshake.get(handshake.position(), ia);
        return ia;
    }

    /// Consumes what it needs from `in` and leaves the rest as it came. The first call may bring an
    /// empty buffer; the buffer must be able to hold 608 bytes.
    ///
    /// @throws MalformedException if the other side broke a rule; close the connection
    /// @throws IllegalStateException after that, or after [MseNext.Done]
    public MseNext receive(ByteBuffer in) throws MalformedException {
        try {
            return step(in);
        } catch (MalformedException broken) {
            keys.erase();
            state = new State.Over();
            throw broken;
        }
    }

    private MseNext step(ByteBuffer in) throws MalformedException {
        return switch (state) {
            case State.Start _ -> {
                state = new State.AwaitYb();
                yield new MseNext.Send(keys.firstStep(pads.draw(Pad.A)));
            }
            case State.AwaitYb _ -> awaitYb(in);
            case State.FindVc findVc -> findVc(findVc, in);
            case State.ReadSelect(var streams) -> readSelect(streams, in);
            case State.PassPadD passPadD -> passPadD(passPadD, in);
            case State.Over _ -> throw new IllegalStateException("the handshake is over");
        };
    }

    private MseNext awaitYb(ByteBuffer in) throws MalformedException {
        switch (IncomingStream.detect(in)) {
            case UNDECIDED -> {
                return new MseNext.Read(Handshake.HEADER_BYTES - in.remaining());
            }
            case PLAINTEXT ->
                    throw new MalformedException(
                            BAD_VALUE,
                            "mse.yb",
                            "a plaintext BitTorrent handshake, allowed only a public key");
            case MSE -> {}
        }
        if (in.remaining() < KeyExchange.KEY_BYTES) {
            return new MseNext.Read(KeyExchange.KEY_BYTES - in.remaining());
        }
        SharedSecret secret = keys.agree(in, 'b');
        keys.erase();
        Rc4Pair streams = secret.initiatorStreams(torrent);
        ByteBuffer second = secondStep(secret, streams);
        secret.erase();
        ByteBuffer vc = streams.take(ByteBuffer.allocate(VC_BYTES), VC_BYTES);
        state = new State.FindVc(streams, new SyncMark(vc.array(), "mse.vc"));
        handshakeBytesSent = ia.length;
        return new MseNext.Send(second);
    }

    private ByteBuffer secondStep(SharedSecret secret, Rc4Pair streams) {
        byte[] padC = pads.draw(Pad.C);
        int hashes = 2 * SharedSecret.HASH_BYTES;
        ByteBuffer second =
                ByteBuffer.allocate(hashes + PROVIDE_BYTES + padC.length + ia.length)
                        .put(secret.req1())
                        .put(secret.masked(SharedSecret.req2(torrent)))
                        .putLong(0)
                        .putInt(CryptoMethod.bits(provide))
                        .putShort((short) padC.length)
                        .put(padC)
                        .putShort((short) ia.length)
                        .put(ia)
                        .flip();
        streams.encrypt(second.position(hashes));
        return second.position(0);
    }

    private MseNext findVc(State.FindVc findVc, ByteBuffer in) throws MalformedException {
        if (!findVc.vc().pass(in)) {
            return new MseNext.Read(findVc.vc().missing(in));
        }
        provedMse = true;
        state = new State.ReadSelect(findVc.streams());
        return step(in);
    }

    private MseNext readSelect(Rc4Pair streams, ByteBuffer in) throws MalformedException {
        if (in.remaining() < SELECT_BYTES) {
            return new MseNext.Read(SELECT_BYTES - in.remaining());
        }
        ByteBuffer fields = streams.take(in, SELECT_BYTES);
        CryptoMethod selected = selected(fields.getInt());
        int lenD = Short.toUnsignedInt(fields.getShort());
        if (lenD > PadPolicy.MAX_BYTES) {
            throw new MalformedException(
                    TOO_LARGE, "mse.lenD", lenD + ", allowed 0.." + PadPolicy.MAX_BYTES);
        }
        state = new State.PassPadD(streams, selected, lenD);
        return step(in);
    }

    /// Exactly one bit, and one that was offered: libtorrent is more patient, but what two bits
    /// mean nobody knows.
    private CryptoMethod selected(int bits) throws MalformedException {
        for (CryptoMethod method : provide) {
            if (method.bit() == bits) {
                return method;
            }
        }
        throw new MalformedException(
                BAD_VALUE,
                "mse.crypto_select",
                "0x%08x, allowed one bit of 0x%08x".formatted(bits, CryptoMethod.bits(provide)));
    }

    private MseNext passPadD(State.PassPadD passPadD, ByteBuffer in) {
        if (in.remaining() < passPadD.lenD()) {
            return new MseNext.Read(passPadD.lenD() - in.remaining());
        }
        Rc4Pair streams = passPadD.streams();
        streams.take(in, passPadD.lenD());
        state = new State.Over();
        return new MseNext.Done(
                torrent, streams.forPayload(passPadD.selected()), ByteBuffer.allocate(0));
    }

    /// Whether VC was found, which only a peer that speaks MSE and knows the torrent can send. If
    /// the connection ends before, a plaintext attempt may fare better.
    public boolean provedMse() {
        return provedMse;
    }

    /// How many bytes of our BitTorrent handshake went along as IA: 0 until the second step is
    /// made, then 0 or 68. The rest is the first payload, after [MseNext.Done].
    public int handshakeBytesSent() {
        return handshakeBytesSent;
    }
}
