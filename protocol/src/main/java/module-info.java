/// Bytes to values and back, and machines that are fed bytes and time. No sockets, clocks, threads,
/// randomness of its own or logging; `java.base` and annotations only.
module dev.thistle.protocol {
    requires static org.jspecify;

    exports dev.thistle.protocol;
    exports dev.thistle.protocol.bencode;
    exports dev.thistle.protocol.merkle;
    exports dev.thistle.protocol.metainfo;
    exports dev.thistle.protocol.mse;
    exports dev.thistle.protocol.peer;
    exports dev.thistle.protocol.rc4;
    exports dev.thistle.protocol.tracker;
    exports dev.thistle.protocol.tracker.udp;
}
