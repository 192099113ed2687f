package dev.thistle.lab.host;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.thistle.net.linux.Machine;

/// What the machine must offer for a test; what is missing skips it, and says why.
@SuppressWarnings("exports") // namespaces are for those who are shown them
public final class Needs {

    private Needs() {}

    /// That a star can be built.
    public static void namespaces(Machine machine) {
        switch (machine.namespaces()) {
            case Machine.Namespaces.Allowed _ ->
                    assumeTrue(machine.programs().contains("ip"), "the program ip is missing");
            case Machine.Namespaces.AllowedInside _ ->
                    assumeTrue(false, "needs root: run below unshare --user --map-root-user");
            case Machine.Namespaces.Refused(String reason) -> assumeTrue(false, reason);
        }
    }

    /// That resets can be dropped.
    public static void nft(Machine machine) {
        assumeTrue(machine.programs().contains("nft"), "the program nft is missing");
    }
}
