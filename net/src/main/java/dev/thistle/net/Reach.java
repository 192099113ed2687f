package dev.thistle.net;

/// What becomes of a call in a [MemoryNetwork].
public enum Reach {
    /// It arrives, and is answered if somebody listens.
    OPEN,
    /// It is refused at once, listener or not: [java.net.ConnectException].
    REFUSED,
    /// A router says there is no way: [java.net.NoRouteToHostException].
    UNREACHABLE,
    /// It vanishes, as behind most home routers and firewalls: [java.net.SocketTimeoutException]
    /// when patience is over.
    SILENT
}
