package dev.thistle.lab.host;

import dev.thistle.net.linux.Machine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A firewall in front of a host's kernel that throws away every TCP reset, honest or forged: the
/// countermeasure of 2008. It lasts as long as the host.
///
/// It is nftables, which speaks to the namespace of the process `nft`.
@SuppressWarnings("exports") // namespaces are for those who are shown them
public final class ResetFilter {

    private static final String RULES =
            """
            table ip thistle {
              counter resets { }
              chain arriving {
                type filter hook input priority filter; policy accept;
                tcp flags & rst == rst counter name "resets" drop
              }
            }
            """;

    private static final Pattern PACKETS = Pattern.compile("packets (\\d+)");

    /// It answers in milliseconds; a machine that takes this long is broken.
    private static final long PATIENCE_SECONDS = 20;

    private final Host host;

    private ResetFilter(Host host) {
        this.host = host;
    }

    /// Asks whether the machine has what it takes, before anything is started.
    ///
    /// @throws IOException if not; says what to install
    public static void check(Machine machine) throws IOException {
        if (!machine.programs().contains("nft")) {
            throw new IOException(
                    "dropping resets needs the program nft: install the package nftables");
        }
    }

    /// Puts it in front of a host; once only.
    public static ResetFilter install(Host host) throws IOException {
        nft(host, RULES, "-f", "-");
        return new ResetFilter(host);
    }

    /// How many resets it has thrown away.
    public long dropped() throws IOException {
        String said = nft(host, "", "list", "counter", "ip", "thistle", "resets");
        Matcher packets = PACKETS.matcher(said);
        if (!packets.find()) {
            throw new IOException("nft on %s: no count in '%s'".formatted(host, said.strip()));
        }
        return Long.parseLong(packets.group(1));
    }

    private static String nft(Host host, String input, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("nft"));
        command.addAll(List.of(arguments));
        Process nft = host.call(new ProcessBuilder(command).redirectErrorStream(true)::start);
        try {
            try (var in = nft.outputWriter(StandardCharsets.UTF_8)) {
                in.write(input);
            }
            String said = new String(nft.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!nft.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || nft.exitValue() != 0) {
                throw new IOException("nft on %s: %s".formatted(host, said.strip()));
            }
            return said;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("nft on %s: interrupted".formatted(host), e);
        } finally {
            nft.destroyForcibly();
        }
    }
}
