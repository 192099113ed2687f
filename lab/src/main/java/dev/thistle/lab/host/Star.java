package dev.thistle.lab.host;

import dev.thistle.isp.packet.Address;
import dev.thistle.net.linux.Namespace;
import dev.thistle.net.linux.VethEnd;
import dev.thistle.net.linux.VethPair;
import java.io.Closeable;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The lab's network: hosts, each on a cable of its own to a box in the middle, which is not part
/// of this. Until somebody forwards frames there, nobody reaches anybody.
///
/// ```
///   customers                          outside
///   10.64.0.1 --.                  .-- 10.128.0.1
///   10.64.0.2 ---- ports of the box ---- 10.128.0.2
///   10.64.0.3 --'                  '-- 10.128.0.3
/// ```
///
/// All of it is anonymous: when the process ends, however it ends, the kernel takes it away.
@SuppressWarnings("exports") // namespaces are for those who are shown them
public final class Star implements Closeable {

    /// Of one side. Each costs a namespace, a cable and a few threads; the addresses of a side end
    /// far beyond.
    public static final int MAX_HOSTS = 500;

    /// A kernel may put a few devices of its own into a new namespace; above these numbers are
    /// ours.
    private static final int FIRST_PORT = 100;

    private static final int CUSTOMERS = 10 << 24 | 64 << 16;
    private static final int OUTSIDE = 10 << 24 | 128 << 16;

    /// The last byte of an address is 1 to this, so that none looks like a broadcast address.
    private static final int HOSTS_PER_NET = 250;

    private final Namespace box;
    private final List<Host> customers = new ArrayList<>();
    private final List<Host> outside = new ArrayList<>();
    private final Map<Address, Integer> ports = new HashMap<>();

    private Star(Namespace box) {
        this.box = box;
    }

    /// Builds it, or nothing. Forty hosts take about a second.
    ///
    /// @param customers names of the hosts with addresses 10.64.0.1, 10.64.0.2 and so on
    /// @param outside names of those with addresses 10.128.0.1 and so on
    /// @param mtuBytes the largest IP packet of every cable; 576 to 9000
    /// @throws IOException if the kernel refuses; [dev.thistle.net.linux.Machine] knows beforehand
    public static Star build(List<String> customers, List<String> outside, int mtuBytes)
            throws IOException {
        if (customers.size() > MAX_HOSTS || outside.size() > MAX_HOSTS) {
            throw new IllegalArgumentException(
                    "%d customers and %d hosts outside, allowed 0..%d each"
                            .formatted(customers.size(), outside.size(), MAX_HOSTS));
        }
        var star = new Star(Namespace.create("box"));
        try {
            List<VethPair> cables = new ArrayList<>();
            for (String name : customers) {
                cables.add(star.add(name, Side.CUSTOMER, mtuBytes));
            }
            for (String name : outside) {
                cables.add(star.add(name, Side.OUTSIDE, mtuBytes));
            }
            VethPair.lay(cables);
            return star;
        } catch (IOException | RuntimeException e) {
            star.close();
            throw e;
        }
    }

    private VethPair add(String name, Side side, int mtuBytes) throws IOException {
        List<Host> hosts = hosts(side);
        Inet4Address address = address(side, hosts.size());
        Namespace namespace = Namespace.create(name);
        var host = new Host(name, address, side, new Place.Apart(namespace));
        hosts.add(host);
        int port = FIRST_PORT + ports.size();
        ports.put(host.address(), port);
        return new VethPair(VethEnd.box(box, port), VethEnd.host(namespace, address), mtuBytes);
    }

    private static Inet4Address address(Side side, int index) throws IOException {
        int network =
                switch (side) {
                    case CUSTOMER -> CUSTOMERS;
                    case OUTSIDE -> OUTSIDE;
                };
        int bits = network | (index / HOSTS_PER_NET) << 8 | (1 + index % HOSTS_PER_NET);
        return (Inet4Address) InetAddress.getByAddress(Address.v4(bits).bytes());
    }

    private List<Host> hosts(Side side) {
        return switch (side) {
            case CUSTOMER -> customers;
            case OUTSIDE -> outside;
        };
    }

    /// Behind the ISP, in the order of their names.
    public List<Host> customers() {
        return List.copyOf(customers);
    }

    /// Beyond it, in the order of their names.
    public List<Host> outside() {
        return List.copyOf(outside);
    }

    /// Where all cables end: for a packet socket.
    public Namespace box() {
        return box;
    }

    /// At which interface of the box each address is.
    public Map<Address, Integer> ports() {
        return Map.copyOf(ports);
    }

    /// Closes all hosts, then the box. Whoever forwards frames there stops before.
    @Override
    public void close() {
        outside.reversed().forEach(Host::close);
        customers.reversed().forEach(Host::close);
        box.close();
    }
}
