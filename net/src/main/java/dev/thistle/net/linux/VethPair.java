package dev.thistle.net.linux;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/// A virtual Ethernet cable between two namespaces.
///
/// What enters one end leaves the other as it is: no ARP, no IPv6, and no offloads, so every frame
/// has at most `mtu` bytes after its Ethernet header and carries true checksums. Host ends all
/// share one MAC address and send to it, so a frame that one host sent fits every other unchanged.
///
/// @param one an end
/// @param other the other end
/// @param mtu the largest IP packet, in bytes; 576 to 9000
public record VethPair(VethEnd one, VethEnd other, int mtu) {

    /// Checks the MTU.
    public VethPair {
        if (mtu < 576 || mtu > 9_000) {
            throw new IllegalArgumentException("mtu %d, allowed 576..9000".formatted(mtu));
        }
    }

    /// Lays cables and brings both ends of each up. Needs the program `ip` once, however many there
    /// are; sixty take well under a second.
    ///
    /// @throws IOException if the kernel refuses one, for example because its end's name is taken;
    ///   the message names it. Those before it may exist then; close their namespaces
    public static void lay(List<VethPair> cables) throws IOException {
        if (cables.isEmpty()) {
            return;
        }
        String batch = cables.stream().map(VethPair::command).collect(Collectors.joining("\n"));
        ip(cables.getFirst().one.namespace(), batch + "\n");
        for (VethPair cable : cables) {
            cable.one.bringUp();
            cable.other.bringUp();
        }
    }

    private String command() {
        return "link add " + one.arguments(mtu) + " type veth peer " + other.arguments(mtu);
    }

    private static void ip(Namespace namespace, String batch) throws IOException {
        var program = new ProcessBuilder("ip", "-batch", "-").redirectErrorStream(true);
        Process process = namespace.start(program);
        try (OutputStream commands = process.getOutputStream()) {
            commands.write(batch.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException _) {
            // It gave up early, and says why below.
        }
        try (var said = process.inputReader(StandardCharsets.UTF_8)) {
            String complaint = said.lines().collect(Collectors.joining("; "));
            if (process.waitFor() != 0) {
                throw new IOException("laying virtual cables: ip says: " + complaint);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("laying virtual cables: interrupted", e);
        } finally {
            process.destroy();
        }
    }
}
