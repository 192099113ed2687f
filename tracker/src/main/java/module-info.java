/// A tracker server: HTTP announces and scrapes, in clear and obfuscated.
module dev.thistle.tracker {
    requires transitive dev.thistle.protocol;
    requires org.eclipse.jetty.server;
    requires static transitive org.jspecify;

    exports dev.thistle.tracker;
}
