package dev.thistle.protocol.mse;

import static dev.thistle.protocol.MalformedException.Rule.BAD_VALUE;
import static dev.thistle.protocol.MalformedException.Rule.TOO_LARGE;

import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.mse.PadPolicy.Pad;
import dev.thistle.protocol.mse.StreamCipher.Rc4Pair;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.random.RandomGenerator;

/// The side of an MSE handshake that accepted the connection, as a machine that is fed bytes. Ask
/// [IncomingStream] first: the machine takes anything for a public key.
///
/// | state         | waits for             | then                                | next          |
/// | ------------- | --------------------- | ----------------------------------- | ------------- |
/// | `AwaitYa`     | 96 bytes              | sends `Yb`, PadB                    | `FindReq1`    |
/// | `FindReq1`    | req1 within 628 bytes |                                     | `ReadSkey`    |
/// | `ReadSkey`    | 20 bytes              | knows the torrent, makes the keys   | `ReadProvide` |
/// | `ReadProvide` | 14 bytes              | checks VC, chooses a method         | `ReadPadC`    |
/// | `ReadPadC`    | `lenC` and 2 bytes    | sends VC, `crypto_select`, PadD     | `ReadIa`      |
/// | `ReadIa`      | `lenIA` bytes         | is done                             | `Over`        |
///
/// A broken rule ends in `Over` too. The answer goes out before IA is in: nothing in it depends on
/// IA, and an initiator may wait for it before it sends the rest.
///
/// Answering costs two modular powers for 96 bytes of anybody's, so the caller limits how many
/// handshakes run, in all and for one address. A failure says nothing to the other side: the
/// connection just closes, whichever rule was broken.
///
/// Never reads past the handshake. Belongs to one connection and one thread at a time.
public final class MseResponder {

    /// The longest IA that is accepted. The field allows 65 535, but nobody needs to say more than
    /// a handshake and a bitfield before the answer; 16 KiB hold the bitfield of 130 000 pieces.
    /// The buffer that is passed to [#receive] must be able to hold as much.
    public static final int MAX_IA_BYTES = 16 * 1024;

    /// VC, `crypto_provide`, `lenC`.
    private static final int PROVIDE_BYTES = MseInitiator.VC_BYTES + Integer.BYTES + Short.BYTES;

    /// VC, `crypto_select`, `lenD`.
    private static final int SELECT_BYTES = MseInitiator.VC_BYTES + Integer.BYTES + Short.BYTES;

    private sealed interface State {
        record AwaitYa() implements State {}

        record FindReq1(SharedSecret secret, SyncMark req1) implements State {}

        record ReadSkey(SharedSecret secret) implements State {}

        record ReadProvide(InfoHash torrent, Rc4Pair streams) implements State {}

        record ReadPadC(InfoHash torrent, Rc4Pair streams, CryptoMethod selected, int lenC)
                implements State {}

        record ReadIa(InfoHash torrent, Rc4Pair streams, CryptoMethod selected, int lenIa)
                implements State {}

        record Over() implements State {}
    }

    private final SkeyIndex torrents;
    private final List<CryptoMethod> preference;
    private final Pads pads;
    private final KeyExchange keys;
    private State state = new State.AwaitYa();

    /// Answers calls about `torrents`.
    ///
    /// @param preference what may protect the payload, best first; at least one
    /// @param pads what an observer sees besides
    /// @param random for the private key and the pads: cryptographically strong outside of tests
    public MseResponder(
            SkeyIndex torrents,
            List<CryptoMethod> preference,
            PadPolicy pads,
            RandomGenerator random) {
        this(torrents, preference, new Pads(pads, random), KeyExchange.draw(random));
    }

    /// For tests: everything that is drawn is given.
    MseResponder(SkeyIndex torrents, List<CryptoMethod> preference, Pads pads, KeyExchange keys) {
        if (preference.isEmpty()) {
            throw new IllegalArgumentException("nothing to select, allowed one method or more");
        }
        this.torrents = torrents;
        this.preference = List.copyOf(preference);
        this.pads = pads;
        this.keys = keys;
    }

    /// Consumes what it needs from `in` and leaves the rest as it came.
    ///
    /// @throws MalformedException if the other side broke a rule or asks for a torrent that is not
    ///   here; close the connection
    /// @throws IllegalStateException after that, or after [MseNext.Done]
    public MseNext receive(ByteBuffer in) throws MalformedException {
        try {
            return step(in);
        } catch (MalformedException broken) {
            eraseSecrets();
            state = new State.Over();
            throw broken;
        }
    }

    private void eraseSecrets() {
        keys.erase();
        switch (state) {
            case State.FindReq1(var secret, _) -> secret.erase();
            case State.ReadSkey(var secret) -> secret.erase();
            case State.AwaitYa _,
                    State.ReadProvide _,
                    State.ReadPadC _,
                    State.ReadIa _,
                    State.Over _ -> {}
        }
    }

    private MseNext step(ByteBuffer in) throws MalformedException {
        return switch (state) {
            case State.AwaitYa _ -> awaitYa(in);
            case State.FindReq1(var secret, var req1) -> findReq1(secret, req1, in);
            case State.ReadSkey(var secret) -> readSkey(secret, in);
            case State.ReadProvide(var torrent, var streams) -> readProvide(torrent, streams, in);
            case State.ReadPadC readPadC -> readPadC(readPadC, in);
            case State.ReadIa readIa -> readIa(readIa, in);
            case State.Over _ -> throw new IllegalStateException("the handshake is over");
        };
    }

    private MseNext awaitYa(ByteBuffer in) throws MalformedException {
        if (in.remaining() < KeyExchange.KEY_BYTES) {
            return new MseNext.Read(KeyExchange.KEY_BYTES - in.remaining());
        }
        SharedSecret secret = keys.agree(in, 'a');
        ByteBuffer first = keys.firstStep(pads.draw(Pad.B));
        keys.erase();
        state = new State.FindReq1(secret, new SyncMark(secret.req1(), "mse.req1"));
        return new MseNext.Send(first);
    }

    private MseNext findReq1(SharedSecret secret, SyncMark req1, ByteBuffer in)
            throws MalformedException {
        if (!req1.pass(in)) {
            return new MseNext.Read(req1.missing(in));
        }
        state = new State.ReadSkey(secret);
        return step(in);
    }

    private MseNext readSkey(SharedSecret secret, ByteBuffer in) throws MalformedException {
        if (in.remaining() < SharedSecret.HASH_BYTES) {
            return new MseNext.Read(SharedSecret.HASH_BYTES - in.remaining());
        }
        byte[] masked = new byte[SharedSecret.HASH_BYTES];
        in.get(masked);
        InfoHash torrent =
                torrents.find(secret.masked(masked))
                        .orElseThrow(() ->
                                new MalformedException(
                                        BAD_VALUE,
                                        "mse.skey",
                                        "an unknown torrent, allowed only one that runs"));
        state = new State.ReadProvide(torrent, secret.responderStreams(torrent));
        secret.erase();
        return step(in);
    }

    private MseNext readProvide(InfoHash torrent, Rc4Pair streams, ByteBuffer in)
            throws MalformedException {
        if (in.remaining() < PROVIDE_BYTES) {
            return new MseNext.Read(PROVIDE_BYTES - in.remaining());
        }
        ByteBuffer fields = streams.take(in, PROVIDE_BYTES);
        if (fields.getLong() != 0) {
            throw new MalformedException(
                    BAD_VALUE, "mse.vc", "other bytes, allowed only eight zeros");
        }
        CryptoMethod selected = select(fields.getInt());
        int lenC = Short.toUnsignedInt(fields.getShort());
        if (lenC > PadPolicy.MAX_BYTES) {
            throw new MalformedException(
                    TOO_LARGE, "mse.lenC", lenC + ", allowed 0.." + PadPolicy.MAX_BYTES);
        }
        state = new State.ReadPadC(torrent, streams, selected, lenC);
        return step(in);
    }

    /// The best of ours that is among theirs. Bits that nobody has defined are ignored.
    private CryptoMethod select(int provided) throws MalformedException {
        for (CryptoMethod method : preference) {
            if (method.isIn(provided)) {
                return method;
            }
        }
        throw new MalformedException(
                BAD_VALUE,
                "mse.crypto_provide",
                "0x%08x, allowed with a bit of 0x%08x"
                        .formatted(provided, CryptoMethod.bits(preference)));
    }

    private MseNext readPadC(State.ReadPadC readPadC, ByteBuffer in) throws MalformedException {
        int length = readPadC.lenC() + Short.BYTES;
        if (in.remaining() < length) {
            return new MseNext.Read(length - in.remaining());
        }
        Rc4Pair streams = readPadC.streams();
        int lenIa = Short.toUnsignedInt(streams.take(in, length).getShort(readPadC.lenC()));
        if (lenIa > MAX_IA_BYTES) {
            throw new MalformedException(
                    TOO_LARGE, "mse.lenIA", lenIa + ", allowed 0.." + MAX_IA_BYTES);
        }
        CryptoMethod selected = readPadC.selected();
        state = new State.ReadIa(readPadC.torrent(), streams, selected, lenIa);
        return new MseNext.Send(secondStep(streams, selected));
    }

    private ByteBuffer secondStep(Rc4Pair streams, CryptoMethod selected) {
        byte[] padD = pads.draw(Pad.D);
        ByteBuffer second =
                ByteBuffer.allocate(SELECT_BYTES + padD.length)
                        .putLong(0)
                        .putInt(selected.bit())
                        .putShort((short) padD.length)
                        .put(padD)
                        .flip();
        streams.encrypt(second);
        return second;
    }

    private MseNext readIa(State.ReadIa readIa, ByteBuffer in) {
        if (in.remaining() < readIa.lenIa()) {
            return new MseNext.Read(readIa.lenIa() - in.remaining());
        }
        Rc4Pair streams = readIa.streams();
        ByteBuffer ia = streams.take(in, readIa.lenIa());
        state = new State.Over();
        return new MseNext.Done(readIa.torrent(), streams.forPayload(readIa.selected()), ia);
    }
}
