package dev.thistle.protocol.tracker;

import static dev.thistle.protocol.MalformedException.Rule.BAD_VALUE;

import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.PeerAddress;
import dev.thistle.protocol.bencode.BencodeValue;
import dev.thistle.protocol.bencode.BencodeValue.Dict;
import dev.thistle.protocol.bencode.BencodeValue.Int;
import dev.thistle.protocol.bencode.BencodeValue.Items;
import dev.thistle.protocol.bencode.BencodeValue.Text;
import dev.thistle.protocol.bencode.ByteString;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Reads what trackers answer to announces, leniently: unknown and oddly typed side fields are
/// passed over, whole entries of a peer list count, undialable peers are left out. Stateless.
///
/// In the obfuscated form the peers go through [HiddenPeerLists], which also notices trackers that
/// did not hide them.
public final class AnnounceAnswerReader {

    /// Larger bodies are refused. 2 MiB is the most that clients in use read.
    public static final int MAX_BODY_BYTES = 2 * 1024 * 1024;

    /// Entries read of a peer list; fifty times what a tracker is asked for.
    public static final int MAX_PEERS = 10_000;

    /// Ten years in minutes: keeps [Duration] from overflowing, means never.
    private static final long MAX_RETRY_MINUTES = 5_256_000;

    private AnnounceAnswerReader() {}

    /// Reads the body of an HTTP answer, gzip already undone.
    ///
    /// @param body between position and limit; consumed
    /// @param request what was asked
    /// @param form how it was asked
    /// @throws MalformedException if there is neither a list of peers nor a failure reason to read,
    ///   or if hidden peers come with an impossible `i` or `n`
    public static AnnounceAnswer read(
            ByteBuffer body, AnnounceRequest request, AnnounceForm form, Reach reach)
            throws MalformedException {
        Dict dict = AnswerBody.read(body, MAX_BODY_BYTES);
        var failure = dict.value("failure reason");
        if (failure.isPresent()) {
            String reason =
                    AnswerBody.line(dict, "failure reason").orElse("refused without a reason");
            return new AnnounceAnswer.Refused(reason, retryIn(dict));
        }
        Lists lists =
                switch (form) {
                    case CLEAR -> clear(dict);
                    case OBFUSCATED -> hidden(dict, request, reach);
                };
        var peers = new LinkedHashSet<PeerAddress>();
        for (PeerAddress peer : lists.peers()) {
            if (peer.isDialable()) {
                peers.add(peer);
            }
        }
        return new AnnounceAnswer.Accepted(
                AnnounceAnswer.interval(AnswerBody.number(dict, "interval").orElse(0L)),
                AnswerBody.number(dict, "min interval")
                        .filter(seconds -> seconds > 0)
                        .map(AnnounceAnswer::interval),
                List.copyOf(peers),
                count(dict, "complete"),
                count(dict, "incomplete"),
                AnswerBody.line(dict, "warning message"),
                AnswerBody.latin(dict, "tracker id"),
                lists.obfuscated(),
                flagged(dict, lists.v4(), peers),
                AnswerBody.text(dict, "external ip")
                        .filter(ip -> ip.length() == 4 || ip.length() == 16));
    }

    /// @param v4 the entries of `peers` in its order, undialable ones too
    record Lists(List<PeerAddress> v4, List<PeerAddress> v6, boolean obfuscated) {
        List<PeerAddress> peers() {
            var all = new ArrayList<>(v4);
            all.addAll(v6);
            return all;
        }
    }

    private static Lists clear(Dict dict) throws MalformedException {
        return switch (dict.value("peers").orElse(Text.of(""))) {
            case Text(ByteString bytes) ->
                    new Lists(
                            entries(bytes.bytes(), PeerAddress.V4_BYTES),
                            entries(peers6(dict), PeerAddress.V6_BYTES),
                            false);
            case Items(List<BencodeValue> items) ->
                    new Lists(listForm(items), entries(peers6(dict), PeerAddress.V6_BYTES), false);
            case Int _, Dict _ -> throw badPeers();
        };
    }

    private static Lists hidden(Dict dict, AnnounceRequest request, Reach reach)
            throws MalformedException {
        return switch (dict.value("peers").orElse(Text.of(""))) {
            case Text(ByteString bytes) ->
                    HiddenPeerLists.read(dict, bytes.bytes(), peers6(dict), request, reach);
            // Nobody says how a list would be hidden, so whoever sends one hides nothing.
            case Items _ -> new Lists(List.of(), List.of(), false);
            case Int _, Dict _ -> throw badPeers();
        };
    }

    private static byte[] peers6(Dict dict) {
        return AnswerBody.text(dict, "peers6").map(ByteString::bytes).orElse(new byte[0]);
    }

    private static MalformedException badPeers() {
        return new MalformedException(
                BAD_VALUE, "answer.peers", "neither a byte string nor a list");
    }

    /// The whole entries among `bytes`.
    static List<PeerAddress> entries(byte[] bytes, int entryBytes) {
        var in = ByteBuffer.wrap(bytes);
        var peers = new ArrayList<PeerAddress>();
        while (in.remaining() >= entryBytes && peers.size() < MAX_PEERS) {
            peers.add(PeerAddress.read(in, entryBytes));
        }
        return peers;
    }

    /// Host names are left out: a codec cannot look them up.
    private static List<PeerAddress> listForm(List<BencodeValue> items) {
        var peers = new ArrayList<PeerAddress>();
        for (BencodeValue item : items) {
            if (item instanceof Dict peer && peers.size() < MAX_PEERS) {
                long port = AnswerBody.number(peer, "port").orElse(0L);
                Optional<byte[]> ip = AnswerBody.latin(peer, "ip").flatMap(IpText::parse);
                if (ip.isPresent() && port > 0 && port <= 0xFFFF) {
                    peers.add(PeerAddress.of(ip.get(), (int) port));
                }
            }
        }
        return peers;
    }

    /// `crypto_flags` counts only if there is one for each entry of `peers`.
    private static Set<PeerAddress> flagged(
            Dict dict, List<PeerAddress> v4, Set<PeerAddress> kept) {
        byte[] flags =
                AnswerBody.text(dict, "crypto_flags").map(ByteString::bytes).orElse(new byte[0]);
        var flagged = new HashSet<PeerAddress>();
        for (int k = 0; flags.length == v4.size() && k < flags.length; k++) {
            if (flags[k] == 1 && kept.contains(v4.get(k))) {
                flagged.add(v4.get(k));
            }
        }
        return flagged;
    }

    private static RetryIn retryIn(Dict dict) {
        if (AnswerBody.latin(dict, "retry in").filter("never"::equals).isPresent()) {
            return new RetryIn.Never();
        }
        Optional<Long> minutes = AnswerBody.number(dict, "retry in").filter(found -> found > 0);
        return minutes.<RetryIn>map(found ->
                        new RetryIn.After(Duration.ofMinutes(Math.min(found, MAX_RETRY_MINUTES))))
                .orElse(new RetryIn.Unsaid());
    }

    private static int count(Dict dict, String key) {
        long found = AnswerBody.number(dict, key).orElse(-1L);
        return Math.clamp(found, -1, Integer.MAX_VALUE);
    }
}
