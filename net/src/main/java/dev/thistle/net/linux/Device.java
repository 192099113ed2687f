package dev.thistle.net.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.Inet4Address;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A network interface of the calling thread's namespace, and what is set on it by `ioctl`
/// (netdevice(7)): far cheaper than starting a program for each of sixty hosts.
///
/// @param name 1 to 15 bytes, as the kernel allows
record Device(String name) {

    private static final int AF_INET = 2;
    private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;

    private static final int SIOCADDRT = 0x890B;
    private static final int SIOCGIFFLAGS = 0x8913;
    private static final int SIOCSIFFLAGS = 0x8914;
    private static final int SIOCSIFADDR = 0x8916;
    private static final int SIOCSIFNETMASK = 0x891C;
    private static final int SIOCETHTOOL = 0x8946;

    private static final short IFF_UP = 1;
    private static final short RTF_UP = 1;

    /// `struct ifreq`: 16 bytes of name, then a union that starts with what the request is about.
    private static final int IFREQ_BYTES = 40;

    private static final int IFREQ_VALUE = 16;

    /// `struct rtentry` on a 64-bit machine, and where its fields lie.
    private static final int RTENTRY_BYTES = 120;

    private static final int RTENTRY_DESTINATION = 8;
    private static final int RTENTRY_MASK = 40;
    private static final int RTENTRY_FLAGS = 56;
    private static final int RTENTRY_DEVICE = 88;

    /// What an interface may leave to "hardware", which between two virtual ends means: not do at
    /// all. Each with the commands of linux/ethtool.h that read and set it. Checksums come last but
    /// one because others depend on them.
    private enum Offload {
        GRO(43, 44),
        GSO(35, 36),
        TSO(30, 31),
        TX_CHECKSUM(22, 23),
        SCATTER_GATHER(24, 25);

        private final int get;
        private final int set;

        Offload(int get, int set) {
            this.get = get;
            this.set = set;
        }
    }

    static Device named(String name) {
        return new Device(name);
    }

    void up() throws IOException {
        try (var request = new Request("bringing up")) {
            request.send(SIOCGIFFLAGS);
            short flags = request.ifreq.get(JAVA_SHORT, IFREQ_VALUE);
            request.ifreq.set(JAVA_SHORT, IFREQ_VALUE, (short) (flags | IFF_UP));
            request.send(SIOCSIFFLAGS);
        }
    }

    /// Gives the interface one address with nobody else on its network (/32).
    void address(Inet4Address address) throws IOException {
        try (var request = new Request("setting the address")) {
            putAddress(request.ifreq.asSlice(IFREQ_VALUE), address.getAddress());
            request.send(SIOCSIFADDR);
            putAddress(request.ifreq.asSlice(IFREQ_VALUE), new byte[] {-1, -1, -1, -1});
            request.send(SIOCSIFNETMASK);
        }
    }

    /// Sends everything that goes anywhere out of this interface, which must be up.
    void defaultRoute() throws IOException {
        try (var request = new Request("setting the default route")) {
            MemorySegment route = request.arena.allocate(RTENTRY_BYTES, 8);
            putAddress(route.asSlice(RTENTRY_DESTINATION), new byte[4]);
            putAddress(route.asSlice(RTENTRY_MASK), new byte[4]);
            route.set(JAVA_SHORT, RTENTRY_FLAGS, RTF_UP);
            route.set(ADDRESS, RTENTRY_DEVICE, request.arena.allocateFrom(name));
            request.send(SIOCADDRT, route);
        }
    }

    /// `struct sockaddr_in` with port 0.
    private static void putAddress(MemorySegment target, byte[] address) {
        target.set(JAVA_SHORT, 0, (short) AF_INET);
        MemorySegment.copy(address, 0, target, JAVA_BYTE, 4, 4);
    }

    /// Makes the kernel cut its segments and compute its checksums before they leave, so that what
    /// travels is what a wire would carry.
    void disableOffloads() throws IOException {
        try (var request = new Request("switching offloads off")) {
            for (Offload offload : Offload.values()) {
                if (request.ethtool(offload.get, 0) != 0) {
                    request.ethtool(offload.set, 0);
                }
            }
        }
    }

    /// The offloads that are on, for checking.
    List<String> offloads() throws IOException {
        try (var request = new Request("reading offloads")) {
            var on = new ArrayList<String>();
            for (Offload offload : Offload.values()) {
                if (request.ethtool(offload.get, 0) != 0) {
                    on.add(offload.name());
                }
            }
            return on;
        }
    }

    /// One socket to ask through, and the memory for asking.
    private final class Request implements AutoCloseable {

        private final Libc libc = new Libc();
        private final String doing;
        private final Arena arena = Arena.ofConfined();
        private final MemorySegment ifreq = arena.allocate(IFREQ_BYTES, 8);
        private final int socket;

        Request(String doing) throws IOException {
            this.doing = doing;
            byte[] ascii = name.getBytes(StandardCharsets.US_ASCII);
            MemorySegment.copy(ascii, 0, ifreq, JAVA_BYTE, 0, ascii.length);
            socket = libc.socket(AF_INET, SOCK_DGRAM_CLOEXEC, 0);
            if (socket < 0) {
                throw failure();
            }
        }

        void send(int request) throws IOException {
            send(request, ifreq);
        }

        void send(int request, MemorySegment argument) throws IOException {
            if (libc.ioctl(socket, request, argument) < 0) {
                throw failure();
            }
        }

        /// `struct ethtool_value`: a command and its number.
        int ethtool(int command, int value) throws IOException {
            MemorySegment argument = arena.allocateFrom(JAVA_INT, command, value);
            ifreq.set(ADDRESS, IFREQ_VALUE, argument);
            send(SIOCETHTOOL);
            return argument.getAtIndex(JAVA_INT, 1);
        }

        private IOException failure() {
            return libc.failure(doing + " of " + name);
        }

        @Override
        public void close() {
            arena.close();
            if (socket >= 0) {
                libc.close(socket);
            }
        }
    }
}
