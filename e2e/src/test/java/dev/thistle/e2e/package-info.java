/// Whole programs against real third-party peers, and the rules of the house as tests.
///
/// Start with [ThirdPartyMatrixTest]: three clients, both directions, three protections, each
/// proved from the wire. [OpentrackerTest] and [ObfuscatedAnnounceTest] do the same for trackers;
/// [LabRunTest] and those beside it play the laboratory's own scenario through the program.
/// [ArchitectureTest] and [TidyTest] check the sources themselves.
///
/// The programs run in network namespaces of their own (`lan`), are started by `peer`, and what
/// they said to each other is read back by `wire`. This needs root and a few Debian packages;
/// without them the tests are skipped by name, and fail when the environment variable CI is `true`.
/// Nobody may depend on this module; it may look at all the others.
@NullMarked
package dev.thistle.e2e;

import org.jspecify.annotations.NullMarked;
