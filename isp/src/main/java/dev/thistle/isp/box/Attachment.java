package dev.thistle.isp.box;

import dev.thistle.isp.packet.Address;

/// A host that hangs on the box: its IPv4 address and the port its link ends at.
public sealed interface Attachment {

    /// IPv4.
    Address address();

    /// The interface index of the box's end of the link.
    int port();

    /// Which side of the ISP it is on.
    default Side side() {
        return switch (this) {
            case Customer _ -> Side.CUSTOMER;
            case Outside _ -> Side.OUTSIDE;
        };
    }

    /// Somebody whose traffic the ISP sees, behind a line.
    ///
    /// @param up from the customer
    /// @param down towards the customer
    record Customer(Address address, int port, LineProfile up, LineProfile down)
            implements Attachment {}

    /// Somebody elsewhere in the Internet.
    record Outside(Address address, int port) implements Attachment {}

    /// The two sides of an ISP.
    enum Side {
        CUSTOMER,
        OUTSIDE
    }
}
