package dev.thistle.protocol.mse;

import dev.thistle.protocol.*;
import dev.thistle.protocol.rc4.Rc4;
import java.nio.ByteBuffer;
import java.util.*;
import java.util.random.RandomGenerator;

public final class MseInitiator {
    private enum S {
        START,
        YB,
        SYNC,
        SELECT,
        PADD,
        DONE
    }

    private S state = S.START;
    private final InfoHash torrent;
    private final Set<CryptoMethod> provide;
    private final ByteBuffer handshake;
    private final PadPolicy pads;
    private final RandomGenerator random;
    private final Keys keys;
    private Rc4 out, in;
    private int sent;
    private boolean proved;
    private CryptoMethod selected;
    private int padD;
    private byte[] mark;

    public MseInitiator(
            InfoHash t, Set<CryptoMethod> p, ByteBuffer h, PadPolicy pads, RandomGenerator r) {
        torrent = t;
        provide = p;
        handshake = h.duplicate();
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
                case START -> {
                    state = S.YB;
                    byte[] pad = pads.bytes(PadPolicy.Pad.A, random);
                    return new MseNext.Send(
                            ByteBuffer.allocate(96 + pad.length)
                                    .put(keys.publicKey())
                                    .put(pad)
                                    .flip());
                }
                case YB -> {
                    if (b.remaining() < 96) return new MseNext.Read(96 - b.remaining());
                    byte[] y = new byte[96];
                    b.get(y);
                    byte[] s = keys.secret(y);
                    out = Keys.rc4("keyA", s, torrent);
                    in = Keys.rc4("keyB", s, torrent);
                    byte[] pad = pads.bytes(PadPolicy.Pad.C, random);
                    sent = provide.contains(CryptoMethod.PLAINTEXT) ? 0 : 68;
                    ByteBuffer m = ByteBuffer.allocate(56 + pad.length + sent);
                    m.put(Keys.hash("req1", s))
                            .put(Keys.xor(Keys.req2(torrent), Keys.hash("req3", s)));
                    int bits = 0;
                    for (CryptoMethod c : provide) bits |= c.bit();
                    m.putLong(0)
                            .putInt(bits)
                            .putShort((short) pad.length)
                            .put(pad)
                            .putShort((short) sent)
                            .put(handshake.slice(0, sent))
                            .flip();
                    out.apply(m.duplicate().position(40));
                    mark = new byte[8];
                    in.apply(mark, 0, 8);
                    state = S.SYNC;
                    return new MseNext.Send(m);
                }
                case SYNC -> {
                    int o = Keys.find(b, mark, 512);
                    if (o < 0) {
                        if (b.remaining() >= 520) throw bad("mse.vc", "not found within 616 bytes");
                        return new MseNext.Read(1);
                    }
                    b.position(b.position() + o + 8);
                    proved = true;
                    state = S.SELECT;
                }
                case SELECT -> {
                    if (b.remaining() < 6) return new MseNext.Read(6 - b.remaining());
                    byte[] x = new byte[6];
                    b.get(x);
                    in.apply(x, 0, 6);
                    ByteBuffer d = ByteBuffer.wrap(x);
                    int sel = d.getInt();
                    padD = Short.toUnsignedInt(d.getShort());
                    if (padD > 512) throw bad("mse.padD", padD + ", allowed 0..512");
                    selected = null;
                    for (CryptoMethod c : provide) if (c.bit() == sel) selected = c;
                    if (selected == null) throw bad("mse.crypto_select", sel + " was not offered");
                    state = S.PADD;
                }
                case PADD -> {
                    if (b.remaining() < padD) return new MseNext.Read(padD - b.remaining());
                    in.skip(padD);
                    b.position(b.position() + padD);
                    state = S.DONE;
                    return new MseNext.Done(
                            torrent,
                            selected == CryptoMethod.RC4
                                    ? new StreamCipher.Rc4Pair(out, in)
                                    : new StreamCipher.Plaintext(),
                            ByteBuffer.allocate(0));
                }
                case DONE -> throw new IllegalStateException();
            }
    }

    public boolean provedMse() {
        return proved;
    }

    public int handshakeBytesSent() {
        return sent;
    }
}
