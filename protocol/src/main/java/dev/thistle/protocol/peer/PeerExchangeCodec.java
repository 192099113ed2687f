package dev.thistle.protocol.peer;

import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.PeerAddress;
import dev.thistle.protocol.bencode.BencodeReader;
import dev.thistle.protocol.bencode.BencodeReader.Keys;
import dev.thistle.protocol.bencode.BencodeValue;
import dev.thistle.protocol.bencode.BencodeValue.Dict;
import dev.thistle.protocol.bencode.BencodeValue.Text;
import dev.thistle.protocol.bencode.BencodeWriter;
import dev.thistle.protocol.peer.ExtensionMessage.ExchangedPeer;
import dev.thistle.protocol.peer.ExtensionMessage.PeersChanged;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// The message of `ut_pex` (BEP 11): compact lists of peers met and lost, by address family, and a
/// byte of flags for each that was met.
///
/// Reading is lenient: what is missing or of a wrong kind is an empty list, half an entry at the
/// end is passed over, and flags that do not match their list count as 0. Writing always gives the
/// flags, because libtorrent ignores a list without them. Stateless.
public final class PeerExchangeCodec {

    /// The peer would rather be called by MSE.
    public static final int PREFERS_ENCRYPTION = 0x01;

    /// The peer is a seed or wants nothing (BEP 21).
    public static final int UPLOAD_ONLY = 0x02;

    /// The peer speaks uTP.
    public static final int UTP = 0x04;

    /// The peer can be reached through a relay (BEP 55).
    public static final int HOLEPUNCH = 0x08;

    /// The sender called the peer, so it can be called.
    public static final int REACHABLE = 0x10;

    /// Bits that have a meaning on the wire; libtorrent uses others inside.
    private static final int KNOWN_FLAGS = 0x1f;

    /// Read of one list of one message; the rest is passed over. Real clients send 50 at most, but
    /// the first message may be longer.
    public static final int MAX_READ = 200;

    private PeerExchangeCodec() {}

    static PeersChanged decode(ByteBuffer payload) throws MalformedException {
        if (!(BencodeReader.readFirst(payload, Keys.ANY) instanceof Dict dict)) {
            throw new MalformedException(
                    MalformedException.Rule.BAD_VALUE, "ut_pex", 0, "not a dictionary");
        }
        var added = new ArrayList<ExchangedPeer>();
        readAdded(dict, "added", PeerAddress.V4_BYTES, added);
        readAdded(dict, "added6", PeerAddress.V6_BYTES, added);
        var dropped = new ArrayList<PeerAddress>();
        dropped.addAll(addresses(dict, "dropped", PeerAddress.V4_BYTES));
        dropped.addAll(addresses(dict, "dropped6", PeerAddress.V6_BYTES));
        return new PeersChanged(added, dropped);
    }

    private static void readAdded(
            Dict dict, String key, int entryBytes, List<ExchangedPeer> target) {
        ByteBuffer flags = text(dict, key + ".f");
        int entries = text(dict, key).remaining() / entryBytes;
        boolean flagged = flags.remaining() == entries;
        int i = 0;
        for (PeerAddress address : addresses(dict, key, entryBytes)) {
            target.add(new ExchangedPeer(address, flagged ? flags.get(i) & KNOWN_FLAGS : 0));
            i++;
        }
    }

    private static List<PeerAddress> addresses(Dict dict, String key, int entryBytes) {
        ByteBuffer entries = text(dict, key);
        var addresses = new ArrayList<PeerAddress>();
        while (entries.remaining() >= entryBytes && addresses.size() < MAX_READ) {
            addresses.add(PeerAddress.read(entries, entryBytes));
        }
        return addresses;
    }

    private static ByteBuffer text(Dict dict, String key) {
        BencodeValue value = dict.value(key).orElse(null);
        return value instanceof Text(var bytes) ? bytes.asBuffer() : ByteBuffer.allocate(0);
    }

    static ByteBuffer encode(PeersChanged changed) {
        var dict = Dict.builder();
        for (boolean v4 : new boolean[] {true, false}) {
            String suffix = v4 ? "" : "6";
            List<ExchangedPeer> added =
                    changed.added().stream().filter(peer -> peer.address().isV4() == v4).toList();
            List<PeerAddress> dropped =
                    changed.dropped().stream().filter(address -> address.isV4() == v4).toList();
            var flags = new ByteArrayOutputStream();
            added.forEach(peer -> flags.write(peer.flags()));
            dict.put("added" + suffix, compact(added.stream().map(ExchangedPeer::address).toList()))
                    .put("added" + suffix + ".f", flags.toByteArray())
                    .put("dropped" + suffix, compact(dropped));
        }
        return ByteBuffer.wrap(BencodeWriter.write(dict.build()));
    }

    private static byte[] compact(List<PeerAddress> addresses) {
        ByteBuffer bytes =
                ByteBuffer.allocate(addresses.stream().mapToInt(PeerAddress::compactBytes).sum());
        addresses.forEach(address -> address.writeTo(bytes));
        return bytes.array();
    }
}
