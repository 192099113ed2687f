package dev.thistle.engine.discovery;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// By which address the world sees us, as those say whom we met: trackers (BEP 24) and peers
/// (`yourip` of BEP 10). Each voter has one vote in each address family, its latest; the address
/// with most votes wins, so one liar changes nothing once two others have spoken. Trackers were
/// chosen by the user; peers may be anybody, so neighbours share a vote, a name needs several such
/// votes when no tracker gave it, and all peers together remember no more voters than trackers do.
/// Thread-safe.
public final class ExternalAddress {

    /// Voters of one kind remembered in each family; the one that came first is forgotten first.
    private static final int MAX_VOTERS = 100;

    /// Votes that an address needs of which no tracker has spoken.
    private static final int ENOUGH_PEERS = 3;

    /// Peers in one network of so many bytes are likely one person's: /24 and /48.
    private static final int NEIGHBOURHOOD_V4_BYTES = 3;

    private static final int NEIGHBOURHOOD_V6_BYTES = 6;

    /// The votes of one address family.
    private static final class Poll {
        private final Map<Object, InetAddress> trackers = votes();
        private final Map<Object, InetAddress> peers = votes();
        private volatile Optional<InetAddress> winner = Optional.empty();

        private static Map<Object, InetAddress> votes() {
            return new LinkedHashMap<>() {
                @Override
                protected boolean removeEldestEntry(Map.Entry<Object, InetAddress> eldest) {
                    return size() > MAX_VOTERS;
                }
            };
        }

        private static void cast(Map<Object, InetAddress> votes, Object voter, InetAddress vote) {
            votes.remove(voter);
            votes.put(voter, vote);
        }

        private void count() {
            var counts = new LinkedHashMap<InetAddress, Integer>(); // a tie has one outcome
            count(trackers.values(), counts);
            var byPeers = new HashMap<InetAddress, Integer>();
            count(peers.values(), byPeers);
            byPeers.forEach((address, votes) -> {
                if (counts.containsKey(address) || votes >= ENOUGH_PEERS) {
                    counts.merge(address, votes, Integer::sum);
                }
            });
            winner =
                    counts.entrySet().stream()
                            .max(Map.Entry.comparingByValue())
                            .map(Map.Entry::getKey);
        }

        private static void count(Collection<InetAddress> votes, Map<InetAddress, Integer> counts) {
            votes.forEach(address -> counts.merge(address, 1, Integer::sum));
        }
    }

    private final Poll v4 = new Poll();
    private final Poll v6 = new Poll();

    /// A tracker says what our address is. What nobody can be called by is passed over.
    ///
    /// @param voter its name or address
    /// @param ip 4 or 16 bytes
    public synchronized void vote(String voter, byte[] ip) {
        possible(ip)
                .ifPresent(vote -> {
                    Poll poll = poll(vote);
                    Poll.cast(poll.trackers, voter, vote);
                    poll.count();
                });
    }

    /// A peer says what our address is. One at home does not know how the world sees us: the caller
    /// does not ask it.
    ///
    /// @param peer its address
    /// @param ip 4 or 16 bytes
    public synchronized void vote(InetAddress peer, byte[] ip) {
        possible(ip)
                .ifPresent(vote -> {
                    Poll poll = poll(vote);
                    Poll.cast(poll.peers, neighbourhood(peer), vote);
                    poll.count();
                });
    }

    private static Object neighbourhood(InetAddress peer) {
        byte[] ip = peer.getAddress();
        return ByteBuffer.wrap(
                ip, 0, ip.length == 4 ? NEIGHBOURHOOD_V4_BYTES : NEIGHBOURHOOD_V6_BYTES);
    }

    private static Optional<InetAddress> possible(byte[] ip) {
        try {
            InetAddress address = InetAddress.getByAddress(ip);
            boolean isPossible =
                    !address.isAnyLocalAddress()
                            && !address.isLoopbackAddress()
                            && !address.isMulticastAddress();
            return isPossible ? Optional.of(address) : Optional.empty();
        } catch (UnknownHostException noAddress) {
            return Optional.empty();
        }
    }

    private Poll poll(InetAddress address) {
        return address.getAddress().length == 4 ? v4 : v6;
    }

    /// The IPv4 address that most name.
    public Optional<InetAddress> ipv4() {
        return v4.winner;
    }

    /// The IPv6 address that most name.
    public Optional<InetAddress> ipv6() {
        return v6.winner;
    }
}
