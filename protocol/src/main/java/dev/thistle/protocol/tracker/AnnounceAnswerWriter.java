package dev.thistle.protocol.tracker;

import dev.thistle.protocol.PeerAddress;
import dev.thistle.protocol.PeerId;
import dev.thistle.protocol.bencode.BencodeValue;
import dev.thistle.protocol.bencode.BencodeValue.Dict;
import dev.thistle.protocol.bencode.BencodeValue.Text;
import dev.thistle.protocol.bencode.BencodeWriter;
import dev.thistle.protocol.bencode.ByteString;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes a tracker's answers to announces. `peers` is always there, even empty, since some clients
/// take its absence for an error. Stateless.
@SuppressWarnings("exports") // who calls this needs no annotations
public final class AnnounceAnswerWriter {

    /// What every accepted announce is told.
    ///
    /// @param interval whole seconds
    /// @param minInterval whole seconds
    public record Head(Duration interval, Duration minInterval, SwarmCounts counts) {}

    /// An entry of the list form.
    ///
    /// @param peerId null if the client does not want it or we do not know it
    public record ListedPeer(PeerAddress address, @Nullable PeerId peerId) {}

    private AnnounceAnswerWriter() {}

    /// An announce that does not count.
    ///
    /// @param reason one short line
    public static byte[] refused(String reason, RetryIn retryIn) {
        var dict = Dict.builder().put("failure reason", reason);
        switch (retryIn) {
            case RetryIn.Unsaid() -> {}
            case RetryIn.After(Duration delay) ->
                    dict.put("retry in", Math.max(1, delay.plusSeconds(59).toMinutes()));
            case RetryIn.Never() -> dict.put("retry in", "never");
        }
        return BencodeWriter.write(dict.build());
    }

    /// The compact form (BEP 23, BEP 7).
    ///
    /// @param peers 6 bytes an entry
    /// @param peers6 18 bytes an entry; left out if empty
    /// @param cryptoFlags a byte for each entry of `peers`, 1 where plain connections are refused;
    ///   null for clients that cannot use it
    /// @param externalIp the 4 or 16 bytes where the announce came from
    public static byte[] compact(
            Head head,
            ByteString peers,
            ByteString peers6,
            @Nullable ByteString cryptoFlags,
            ByteString externalIp) {
        var dict =
                begin(head).put("peers", new Text(peers)).put("external ip", new Text(externalIp));
        if (peers6.length() > 0) {
            dict.put("peers6", new Text(peers6));
        }
        if (cryptoFlags != null && cryptoFlags.length() > 0) {
            dict.put("crypto_flags", new Text(cryptoFlags));
        }
        return BencodeWriter.write(dict.build());
    }

    /// The list form (BEP 3): bigger, and the only one that can carry peer ids.
    ///
    /// @param externalIp the 4 or 16 bytes where the announce came from
    public static byte[] listed(Head head, List<ListedPeer> peers, ByteString externalIp) {
        var items = new ArrayList<BencodeValue>();
        for (ListedPeer peer : peers) {
            var item =
                    Dict.builder()
                            .put("ip", IpText.format(peer.address().ip()))
                            .put("port", peer.address().port());
            PeerId peerId = peer.peerId();
            if (peerId != null) {
                item.put("peer id", peerId.bytes());
            }
            items.add(item.build());
        }
        return BencodeWriter.write(
                begin(head)
                        .put("peers", new BencodeValue.Items(items))
                        .put("external ip", new Text(externalIp))
                        .build());
    }

    /// The hidden form (BEP 8). It does not tell the client its own address, because everybody on
    /// the way could read that too.
    public static byte[] obfuscated(Head head, ObfuscatedPeers hidden) {
        var dict =
                begin(head).put("iv", new Text(hidden.iv())).put("peers", new Text(hidden.peers()));
        if (hidden.peers6().length() > 0) {
            dict.put("peers6", new Text(hidden.peers6()));
        }
        ObfuscatedPeers.Window window = hidden.window();
        if (window != null) {
            dict.put("i", Integer.toUnsignedLong(window.iWire()));
            dict.put("n", Integer.toUnsignedLong(window.nWire()));
        }
        return BencodeWriter.write(dict.build());
    }

    private static Dict.Builder begin(Head head) {
        return Dict.builder()
                .put("interval", head.interval().toSeconds())
                .put("min interval", head.minInterval().toSeconds())
                .put("complete", head.counts().complete())
                .put("incomplete", head.counts().incomplete())
                .put("downloaded", head.counts().downloaded());
    }
}
