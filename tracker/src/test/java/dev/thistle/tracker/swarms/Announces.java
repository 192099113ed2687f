package dev.thistle.tracker.swarms;

import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.PeerAddress;
import dev.thistle.protocol.bencode.ByteString;
import dev.thistle.protocol.tracker.ReceivedAnnounce;
import dev.thistle.protocol.tracker.ShaIh;
import dev.thistle.tracker.policy.AddressBook;
import java.util.ArrayList;
import java.util.List;

/// Announces and tables for the tests of this room.
final class Announces {

    static final InfoHash TORRENT = InfoHash.ofHex("aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d");

    private static final String OPEN =
            "info_hash=%AA%F4%C6%1D%DC%C5%E8%A2%DA%BE%DE%0F%3BH%2C%D9%AE%A9CM";

    private Announces() {}

    static ReceivedAnnounce open(String parameters) {
        return parse(OPEN + "&port=1&peer_id=-TH0100-abcdefghijkl&" + parameters);
    }

    static ReceivedAnnounce aria2(String parameters) {
        return parse(OPEN + "&port=1&peer_id=A2-1-36-0-abcdefghij&" + parameters);
    }

    static ReceivedAnnounce hidden(String parameters) {
        var name = new StringBuilder("sha_ih=");
        for (byte each : ShaIh.of(TORRENT).bytes()) {
            name.append("%%%02x".formatted(each));
        }
        return parse(name + "&port=1&peer_id=-TH0100-abcdefghijkl&" + parameters);
    }

    static ReceivedAnnounce parse(String query) {
        try {
            return ReceivedAnnounce.parse(query);
        } catch (MalformedException wrong) {
            throw new AssertionError(wrong);
        }
    }

    static SwarmRules rules() {
        return new SwarmRules(1_800, 4_000, 1_000, 100_000, 5, true);
    }

    static Swarms swarms(SwarmRules rules, long seed) {
        return new Swarms(rules, new AddressBook(10, 50, 100_000, () -> 0, seed), seed);
    }

    static PeerAddress v4(int number) {
        byte[] ip = {37, (byte) (number >> 16), (byte) (number >> 8), (byte) number};
        return PeerAddress.of(ip, 6881);
    }

    static PeerAddress v6(int number) {
        byte[] ip = new byte[16];
        ip[0] = 0x20;
        ip[1] = 1;
        ip[6] = (byte) (number >> 8); // another /64 each
        ip[7] = (byte) number;
        return PeerAddress.of(ip, 6881);
    }

    static List<PeerAddress> entries(ByteString packed, int length) {
        var in = packed.asBuffer();
        var peers = new ArrayList<PeerAddress>();
        while (in.hasRemaining()) {
            peers.add(PeerAddress.read(in, length));
        }
        return peers;
    }
}
