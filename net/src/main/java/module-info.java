/// The seam to the world: byte streams over TCP, and an in-memory network for tests.
module dev.thistle.net {
    requires static transitive org.jspecify;

    exports dev.thistle.net;
    exports dev.thistle.net.http;
    exports dev.thistle.net.linux;
}
