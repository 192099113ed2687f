package dev.thistle.e2e.lan;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// One machine of a [Lan]: an address, and programs that run there and end with it.
public final class Host {

    private final Lan lan;
    private final String name;
    private final String namespace;
    private final String address;

    Host(Lan lan, String name, String namespace, String address) {
        this.lan = lan;
        this.name = name;
        this.namespace = namespace;
        this.address = address;
    }

    /// IPv4, dotted.
    public String address() {
        return address;
    }

    /// `ADDRESS:PORT`, the way every program's command line wants it.
    public String at(int port) {
        return address + ":" + port;
    }

    /// Starts a program here, in folder `home`.
    public Program start(Path home, List<String> command) throws IOException {
        return start(home, command, Map.of());
    }

    /// The same with more environment.
    public Program start(Path home, List<String> command, Map<String, String> environment)
            throws IOException {
        var builder = new ProcessBuilder(Lan.inside(namespace, command)).directory(home.toFile());
        builder.environment().putAll(environment);
        var program = new Program(name + "/" + Path.of(command.getFirst()).getFileName(), builder);
        lan.own(program);
        return program;
    }

    /// Records what passes this host's interface, from now on.
    ///
    /// @param filter a pcap filter, such as `tcp port 6969`
    /// @param packets it ends by itself after so many
    public Capture capture(String filter, int packets) throws IOException {
        return lan.capture(namespace, "eth0", filter, packets, OutputStream.nullOutputStream());
    }

    @Override
    public String toString() {
        return name + " " + address;
    }
}
