package dev.thistle.net;

class MemoryNetworkTest extends LinkContract {

    MemoryNetworkTest() {
        super(new MemoryNetwork(1).host("10.0.0.1"), "10.0.0.1");
    }
}
