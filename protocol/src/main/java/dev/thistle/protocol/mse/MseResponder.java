package dev.thistle.protocol.mse;

import dev.thistle.protocol.*;
import dev.thistle.protocol.rc4.Rc4;
import java.nio.ByteBuffer;
import java.util.*;
import java.util.random.RandomGenerator;

public final class MseResponder {
    private enum S {
        YA,
        SYNC,
        SKEY,
        PROVIDE,
        PADC,
        IA,
        DONE
    }

    private S state = S.YA;
    private final SkeyIndex torrents;
    private final List<CryptoMethod> preference;
    private final PadPolicy pads;
    private final RandomGenerator random;
    private final Keys keys;
    private byte[] s;
    private Rc4 out, in;
    private InfoHash torrent;
    private int lenC, lenIa;
    private CryptoMethod selected;
    private boolean sent4;

    public MseResponder(SkeyIndex t, List<CryptoMethod> p, PadPolicy pads, RandomGenerator r) {
        torrents = t;
        preference = p;
        this.pads = pads;
        random = r;
        keys = new Keys(r);
    }

    private static MalformedException bad(String w, String d) {
        return new MalformedException(MalformedException.Rule.BAD_VALUE, w, d);
    }

    public MseNext receive(ByteBuffer b) throws MalformedException {
        while (true)
            switch (state) {
                case YA -> {
                    if (b.remaining() < 96) return new MseNext.Read(96 - b.remaining());
                    byte[] y = new byte[96];
                    b.get(y);
                    s = keys.secret(y);
                    state = S.SYNC;
                    byte[] pad = pads.bytes(PadPolicy.Pad.B, random);
                    return new MseNext.Send(
                            ByteBuffer.allocate(96 + pad.length)
                                    .put(keys.publicKey())
                                    .put(pad)
                                    .flip());
                }
                case SYNC -> {
                    int o = Keys.find(b, Keys.hash("req1", s), 512);
                    if (o < 0) {
                        if (b.remaining() >= 532)
                            throw bad("mse.req1", "not found within 628 bytes");
                        return new MseNext.Read(1);
                    }
                    b.position(b.position() + o + 20);
                    state = S.SKEY;
                }
                case SKEY -> {
                    if (b.remaining() < 20) return new MseNext.Read(20 - b.remaining());
                    byte[] h = new byte[20];
                    b.get(h);
                    torrent =
                            torrents.find(Keys.xor(h, Keys.hash("req3", s)))
                                    .orElseThrow(() -> bad("mse.req2", "an unknown torrent"));
                    in = Keys.rc4("keyA", s, torrent);
                    out = Keys.rc4("keyB", s, torrent);
                    state = S.PROVIDE;
                }
                case PROVIDE -> {
                    if (b.remaining() < 14) return new MseNext.Read(14 - b.remaining());
                    byte[] x = new byte[14];
                    b.get(x);
                    in.apply(x, 0, 14);
                    ByteBuffer d = ByteBuffer.wrap(x);
                    if (d.getLong() != 0) throw bad("mse.vc", "not zero");
                    int bits = d.getInt();
                    lenC = Short.toUnsignedInt(d.getShort());
                    if (lenC > 512) throw bad("mse.padC", lenC + ", allowed 0..512");
                    for (CryptoMethod c : preference)
                        if (selected == null && (bits & c.bit()) != 0) selected = c;
                    if (selected == null)
                        throw bad("mse.crypto_provide", bits + ", allowed one of " + preference);
                    state = S.PADC;
                }
                case PADC -> {
                    if (b.remaining() < lenC + 2) return new MseNext.Read(lenC + 2 - b.remaining());
                    in.skip(lenC);
                    b.position(b.position() + lenC);
                    byte[] x = new byte[2];
                    b.get(x);
                    in.apply(x, 0, 2);
                    lenIa = Short.toUnsignedInt(ByteBuffer.wrap(x).getShort());
                    if (lenIa > 16384) throw bad("mse.ia", lenIa + ", allowed 0..16384");
                    state = S.IA;
                }
                case IA -> {
                    if (!sent4) {
                        sent4 = true;
                        byte[] pad = pads.bytes(PadPolicy.Pad.D, random);
                        ByteBuffer m =
                                ByteBuffer.allocate(14 + pad.length)
                                        .putLong(0)
                                        .putInt(selected.bit())
                                        .putShort((short) pad.length)
                                        .put(pad)
                                        .flip();
                        out.apply(m.duplicate());
                        return new MseNext.Send(m);
                    }
                    if (b.remaining() < lenIa) return new MseNext.Read(lenIa - b.remaining());
                    byte[] ia = new byte[lenIa];
                    b.get(ia);
                    in.apply(ia, 0, lenIa);
                    state = S.DONE;
                    return new MseNext.Done(
                            torrent,
                            selected == CryptoMethod.RC4
                                    ? new StreamCipher.Rc4Pair(out, in)
                                    : new StreamCipher.Plaintext(),
                            ByteBuffer.wrap(ia));
                }
                case DONE -> throw new IllegalStateException();
            }
    }
}
