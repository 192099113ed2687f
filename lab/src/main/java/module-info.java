/// Scenarios on real packets: hosts, swarms, background traffic, rounds, measurements, reports.
module dev.thistle.lab {
    requires static transitive org.jspecify;
    requires transitive dev.thistle.engine;
    requires transitive dev.thistle.tracker;
    requires transitive dev.thistle.isp;
    requires transitive java.net.http;
    requires jdk.httpserver;
    requires tools.jackson.databind;
    requires tools.jackson.dataformat.toml;

    exports dev.thistle.lab.background;
    exports dev.thistle.lab.host;
    exports dev.thistle.lab.outcome;
    exports dev.thistle.lab.run;
    exports dev.thistle.lab.scenario;
    exports dev.thistle.lab.truth;
}
