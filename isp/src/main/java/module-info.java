/// The adversary: packets to flows, flows to verdicts, verdicts to actions.
module dev.thistle.isp {
    requires static transitive org.jspecify;
    requires transitive dev.thistle.protocol;
    requires transitive dev.thistle.net;
    requires java.management;

    exports dev.thistle.isp.box;
    exports dev.thistle.isp.capture;
    exports dev.thistle.isp.detect;
    exports dev.thistle.isp.flow;
    exports dev.thistle.isp.packet;
    exports dev.thistle.isp.policy;
    exports dev.thistle.isp.scan;
}
