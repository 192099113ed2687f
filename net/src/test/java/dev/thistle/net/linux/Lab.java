package dev.thistle.net.linux;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.Reader;
import java.net.Inet4Address;
import java.net.InetAddress;

/// What the tests of this package share.
final class Lab {

    private Lab() {}

    /// Skips the calling test, with the reason, where no namespace can be made.
    static void require() {
        Machine machine = Machine.look();
        switch (machine.namespaces()) {
            case Machine.Namespaces.Allowed _ ->
                    assumeTrue(machine.programs().contains("ip"), "the program ip is missing");
            case Machine.Namespaces.AllowedInside _ ->
                    assumeTrue(false, "needs root: run below unshare --user --map-root-user");
            case Machine.Namespaces.Refused(String reason) -> assumeTrue(false, reason);
        }
    }

    /// Everything a program says inside a namespace.
    static String output(Namespace namespace, String... program) throws IOException {
        Process process = namespace.start(new ProcessBuilder(program).redirectErrorStream(true));
        try (Reader said = process.inputReader()) {
            return said.readAllAsString();
        }
    }

    static Inet4Address address(String literal) {
        return (Inet4Address) InetAddress.ofLiteral(literal);
    }
}
