/// The seam to the world: byte streams over TCP, and an in-memory network for tests.
@SuppressWarnings("module") // those named below are built later
module dev.thistle.net {
    requires static org.jspecify;

    exports dev.thistle.net;
    exports dev.thistle.net.http;
    exports dev.thistle.net.linux to
            dev.thistle.isp,
            dev.thistle.lab;
}
