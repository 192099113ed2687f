package dev.thistle.isp.packet;

/// One end of a flow.
///
/// @param port 0 to 65535
public record Endpoint(Address address, int port) implements Comparable<Endpoint> {

    /// By address, then port; unsigned.
    @Override
    public int compareTo(Endpoint other) {
        int order = Long.compareUnsigned(address.high(), other.address.high());
        if (order == 0) {
            order = Long.compareUnsigned(address.low(), other.address.low());
        }
        return order == 0 ? Integer.compare(port, other.port) : order;
    }

    @Override
    public String toString() {
        return (address.isV4() ? "%s:%d" : "[%s]:%d").formatted(address, port);
    }
}
