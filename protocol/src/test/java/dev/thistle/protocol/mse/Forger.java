package dev.thistle.protocol.mse;

import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.PeerId;
import dev.thistle.protocol.mse.StreamCipher.Rc4Pair;
import dev.thistle.protocol.peer.Handshake;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Random;

/// The other side of a conversation, made by hand: every field may be wrong.
final class Forger {

    static final InfoHash TORRENT = InfoHash.ofHex("aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d");
    static final InfoHash OTHER = InfoHash.ofHex("86f7e437faa5a7fce15d1ddcb9eaeaea377667b8");

    private final SharedSecret secret;
    private final Rc4Pair streams;

    private Forger(SharedSecret secret, Rc4Pair streams) {
        this.secret = secret;
        this.streams = streams;
    }

    /// Calls `responder` with a key and no pad.
    static Forger calling(Fed responder) throws MalformedException {
        return calling(responder, TORRENT);
    }

    static Forger calling(Fed responder, InfoHash torrent) throws MalformedException {
        var keys = KeyExchange.draw(new Random(7));
        responder.arrive(keys.publicKey());
        SharedSecret secret = keys.agree(ByteBuffer.wrap(responder.takeSent()), 'b');
        return new Forger(secret, secret.initiatorStreams(torrent));
    }

    /// Answers `initiator` with a key and no pad; its second step is passed over.
    static Forger answering(Fed initiator) throws MalformedException {
        var keys = KeyExchange.draw(new Random(8));
        SharedSecret secret = keys.agree(ByteBuffer.wrap(initiator.takeSent()), 'a');
        initiator.arrive(keys.publicKey());
        return new Forger(secret, secret.responderStreams(TORRENT));
    }

    byte[] req1() {
        return secret.req1();
    }

    byte[] skey(InfoHash torrent) {
        return secret.masked(SharedSecret.req2(torrent));
    }

    /// Both hashes, for the torrent that everybody here knows.
    byte[] hashes() {
        return join(req1(), skey(TORRENT));
    }

    /// VC and the fields behind it up to PadC.
    byte[] provide(long vc, int bits, int lenC) {
        return enciphered(
                ByteBuffer.allocate(14).putLong(vc).putInt(bits).putShort((short) lenC).array());
    }

    /// All of the second step but IA.
    byte[] secondStep(int bits, int lenIa) {
        return join(hashes(), provide(0, bits, 0), number(lenIa));
    }

    /// VC and the fields behind it up to PadD.
    byte[] select(int bits, int lenD) {
        return provide(0, bits, lenD);
    }

    /// Two bytes.
    byte[] number(int value) {
        return enciphered(ByteBuffer.allocate(2).putShort((short) value).array());
    }

    byte[] enciphered(byte... plain) {
        byte[] bytes = plain.clone();
        streams.encrypt(ByteBuffer.wrap(bytes));
        return bytes;
    }

    byte[] deciphered(byte... wire) {
        byte[] bytes = wire.clone();
        streams.decrypt(ByteBuffer.wrap(bytes));
        return bytes;
    }

    static byte[] join(byte[]... parts) {
        var all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    static byte[] random(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    /// A BitTorrent handshake for `torrent`.
    static ByteBuffer handshake(InfoHash torrent) {
        var peerId = PeerId.read(ByteBuffer.wrap(random(PeerId.BYTES, 68)));
        ByteBuffer bytes = ByteBuffer.allocate(Handshake.BYTES);
        new Handshake(Handshake.EXTENDED, torrent, peerId).writeTo(bytes);
        return bytes.flip();
    }
}
