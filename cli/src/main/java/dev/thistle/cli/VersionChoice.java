package dev.thistle.cli;

import dev.thistle.protocol.metainfo.MetaVersion;
import picocli.CommandLine.Option;

/// `--v1`, `--v2` or `--hybrid`, one of them.
final class VersionChoice {

    @Option(names = "--v1", description = "For every client (default).")
    private boolean v1;

    @Option(names = "--v2", description = "A tree of hashes for each file (BEP 52).")
    private boolean v2;

    @Option(names = "--hybrid", description = "Both: for every client, with trees.")
    private boolean hybrid;

    MetaVersion version() {
        boolean isV1 = v1 || (!v2 && !hybrid);
        return isV1 ? MetaVersion.V1 : v2 ? MetaVersion.V2 : MetaVersion.HYBRID;
    }
}
