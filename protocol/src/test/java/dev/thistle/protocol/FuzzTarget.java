package dev.thistle.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.protocol.bencode.BencodeReader;
import dev.thistle.protocol.bencode.BencodeReader.Keys;
import dev.thistle.protocol.bencode.BencodeValue;
import dev.thistle.protocol.bencode.BencodeWriter;
import dev.thistle.protocol.metainfo.Magnet;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.metainfo.MetainfoReader;
import dev.thistle.protocol.metainfo.SafePaths;
import dev.thistle.protocol.mse.HandshakesUnderFire;
import dev.thistle.protocol.peer.ExtendedHandshake;
import dev.thistle.protocol.peer.Extension;
import dev.thistle.protocol.peer.ExtensionMessage;
import dev.thistle.protocol.peer.HandshakeReader;
import dev.thistle.protocol.peer.PeerMessage;
import dev.thistle.protocol.peer.PeerMessageCodec;
import dev.thistle.protocol.tracker.AnnounceAnswerReader;
import dev.thistle.protocol.tracker.AnnounceEvent;
import dev.thistle.protocol.tracker.AnnounceForm;
import dev.thistle.protocol.tracker.AnnounceRequest;
import dev.thistle.protocol.tracker.CryptoLevel;
import dev.thistle.protocol.tracker.Reach;
import dev.thistle.protocol.tracker.ScrapeExchange;
import dev.thistle.protocol.tracker.udp.UdpAnswerCodec;
import dev.thistle.protocol.tracker.udp.UdpRequestCodec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/// Decoders before whatever a fuzzer finds: they answer or refuse with [MalformedException], and
/// nothing else escapes them. [FuzzReplayTest] replays the corpus in every build; `scripts/fuzz`
/// searches on from it.
public enum FuzzTarget {
    BENCODE,
    METAINFO,
    MAGNET,
    PEER_WIRE,
    EXTENSIONS,
    TRACKER_ANSWERS,
    MSE;

    private interface Decoding {
        void run() throws MalformedException;
    }

    void attack(byte[] data) throws MalformedException {
        switch (this) {
            case BENCODE -> bencode(data);
            case METAINFO -> metainfo(data);
            case MAGNET -> magnet(data);
            case PEER_WIRE -> peerWire(data);
            case EXTENSIONS -> extensions(data);
            case TRACKER_ANSWERS -> trackerAnswers(data);
            case MSE -> {
                HandshakesUnderFire.responder(data);
                HandshakesUnderFire.initiator(data);
            }
        }
    }

    /// What Jazzer calls; `-Dthistle.fuzz` names the target.
    public static void fuzzerTestOneInput(byte[] data) throws MalformedException {
        valueOf(System.getProperty("thistle.fuzz")).attack(data);
    }

    /// What was read is written canonically, and read again as the same.
    private static void bencode(byte[] data) {
        for (Keys keys : Keys.values()) {
            refusesOrAnswers(() -> {
                BencodeValue value = BencodeReader.readAll(ByteBuffer.wrap(data), keys);
                byte[] written = BencodeWriter.write(value);
                assertThat(BencodeReader.readAll(ByteBuffer.wrap(written), Keys.CANONICAL))
                        .isEqualTo(value);
            });
        }
    }

    /// What was read can be laid out in a folder and cut into pieces.
    private static void metainfo(byte[] data) {
        refusesOrAnswers(() -> {
            Metainfo read = MetainfoReader.read(ByteBuffer.wrap(data));
            assertThat(SafePaths.of(read)).hasSameSizeAs(read.files());
            for (int piece = 0; piece < Math.min(3, read.pieceCount()); piece++) {
                assertThat(read.pieceLengthBytes(piece)).isPositive();
            }
        });
    }

    /// A link that was read can be written, and is read again as the same.
    private static void magnet(byte[] data) {
        refusesOrAnswers(() -> {
            Magnet magnet = Magnet.parse(new String(data, StandardCharsets.UTF_8));
            assertThat(Magnet.parse(magnet.link()).link()).isEqualTo(magnet.link());
        });
    }

    /// A handshake, or frames one after the other as a connection cuts them. What a message was
    /// read from is what it is written as.
    private static void peerWire(byte[] data) {
        refusesOrAnswers(() -> new HandshakeReader().receive(ByteBuffer.wrap(data)));
        refusesOrAnswers(() -> {
            ByteBuffer in = ByteBuffer.wrap(data);
            for (int bytes = PeerMessageCodec.frameBytes(in);
                    bytes > 0 && bytes <= in.remaining();
                    bytes = PeerMessageCodec.frameBytes(in)) {
                ByteBuffer frame = in.slice(in.position(), bytes);
                PeerMessage message = PeerMessageCodec.decode(frame.slice(4, bytes - 4));
                if (!(message instanceof PeerMessage.Unknown)) {
                    assertThat(encoded(message)).isEqualTo(frame);
                }
                in.position(in.position() + bytes);
            }
        });
    }

    private static void extensions(byte[] data) {
        refusesOrAnswers(() -> {
            ExtendedHandshake read = ExtendedHandshake.decode(ByteBuffer.wrap(data));
            assertThat(ExtendedHandshake.decode(read.encode())).isEqualTo(read);
        });
        for (Extension extension : Extension.values()) {
            refusesOrAnswers(() -> ExtensionMessage.decode(extension, ByteBuffer.wrap(data)));
        }
    }

    /// By HTTP; and by datagrams, of which it is said by a value that they are malformed.
    private static void trackerAnswers(byte[] data) {
        List<InfoHash> asked = List.of(request().infoHash());
        for (AnnounceForm form : AnnounceForm.values()) {
            for (Reach reach : Reach.values()) {
                refusesOrAnswers(() ->
                        AnnounceAnswerReader.read(ByteBuffer.wrap(data), request(), form, reach));
            }
            refusesOrAnswers(() -> ScrapeExchange.read(ByteBuffer.wrap(data), asked, form));
        }
        assertThat(UdpAnswerCodec.decode(ByteBuffer.wrap(data), 6)).isNotNull();
        assertThat(UdpAnswerCodec.decode(ByteBuffer.wrap(data), 18)).isNotNull();
        assertThat(UdpRequestCodec.decode(ByteBuffer.wrap(data))).isNotNull();
    }

    private static void refusesOrAnswers(Decoding decoding) {
        try {
            decoding.run();
        } catch (MalformedException refused) {
            assertThat(refused.getMessage()).doesNotContain("\n").isNotBlank();
        }
    }

    private static ByteBuffer encoded(PeerMessage message) {
        ByteBuffer out = ByteBuffer.allocate(PeerMessageCodec.encodedBytes(message));
        PeerMessageCodec.encode(message, out);
        return out.flip();
    }

    private static AnnounceRequest request() {
        return new AnnounceRequest(
                InfoHash.of(new byte[20]),
                PeerId.random("-XX0000-", new Random(1)),
                6881,
                0,
                0,
                0,
                AnnounceEvent.STARTED,
                200,
                0,
                CryptoLevel.SUPPORTED,
                null);
    }
}
