package dev.thistle.engine.discovery;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// By which address the world sees us, as those say whom we called (BEP 24). Each voter has one
/// vote in each address family, its latest; the address with most votes wins, so one liar changes
/// nothing once two others have spoken. Thread-safe.
public final class ExternalAddress {

    /// Voters remembered in each family; the one that came first is forgotten first.
    private static final int MAX_VOTERS = 100;

    private final Map<String, InetAddress> v4 = votes();
    private final Map<String, InetAddress> v6 = votes();

    private static Map<String, InetAddress> votes() {
        return new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, InetAddress> eldest) {
                return size() > MAX_VOTERS;
            }
        };
    }

    /// Somebody says what our address is. What nobody can be called by is passed over.
    ///
    /// @param voter its name or address
    /// @param ip 4 or 16 bytes
    public synchronized void vote(String voter, byte[] ip) {
        InetAddress address;
        try {
            address = InetAddress.getByAddress(ip);
        } catch (UnknownHostException noAddress) {
            return;
        }
        boolean isPossible =
                !address.isAnyLocalAddress()
                        && !address.isLoopbackAddress()
                        && !address.isMulticastAddress();
        if (isPossible) {
            var votes = address.getAddress().length == 4 ? v4 : v6;
            votes.remove(voter);
            votes.put(voter, address);
        }
    }

    /// The IPv4 address that most name.
    public synchronized Optional<InetAddress> ipv4() {
        return winner(v4);
    }

    /// The IPv6 address that most name.
    public synchronized Optional<InetAddress> ipv6() {
        return winner(v6);
    }

    private static Optional<InetAddress> winner(Map<String, InetAddress> votes) {
        var counts = new HashMap<InetAddress, Integer>();
        votes.values().forEach(address -> counts.merge(address, 1, Integer::sum));
        return votes.values().stream() // in the order of the votes, so that a tie has one outcome
                .max((a, b) ->
                        Integer.compare(counts.getOrDefault(a, 0), counts.getOrDefault(b, 0)));
    }
}
