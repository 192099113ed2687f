package dev.thistle.lab.host;

/// Which side of the ISP's box a host is on.
public enum Side {
    /// Behind an access line of the ISP.
    CUSTOMER,
    /// Anywhere else on the internet.
    OUTSIDE
}
