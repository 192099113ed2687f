package dev.thistle.e2e.lan;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// A small network of its own: hosts in network namespaces, joined by a bridge in one more.
///
/// ```
///   host 10.77.0.1   host 10.77.0.2   host 10.77.0.3
///        eth0             eth0             eth0
///          \________ p0 ___|__ p1 ________/ p2
///                  br0 in the switch
/// ```
///
/// Names are unique to this process, so several may stand side by side. [#close] ends what was
/// started here, newest first, and removes the namespaces, whatever failed before; a shutdown hook
/// does the same for one that was never closed. Not thread-safe, but for closing.
public final class Lan implements AutoCloseable {

    /// 10.77.0.0/16 has room for more, but no test needs it.
    private static final int MAX_HOSTS = 254;

    /// `ip` answers in milliseconds; a machine that takes this long is broken.
    private static final long IP_PATIENCE_SECONDS = 20;

    private static final AtomicInteger NEXT = new AtomicInteger();
    private static final Set<Lan> OPEN = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(Lan::closeAll, "lan-shutdown"));
    }

    private final String prefix =
            "thistle-%d-%d".formatted(ProcessHandle.current().pid(), NEXT.getAndIncrement());
    private final List<String> namespaces = new ArrayList<>();
    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private int hosts;

    /// An empty network: a switch without hosts.
    public Lan() throws IOException {
        OPEN.add(this);
        try {
            addNamespace(switchName());
            ip("-n", switchName(), "link", "add", "br0", "type", "bridge");
            ip("-n", switchName(), "link", "set", "br0", "up");
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /// Adds a host with the next address of 10.77.0.0/16.
    ///
    /// @param name a word for messages and the namespace's name
    public Host addHost(String name) throws IOException {
        if (hosts == MAX_HOSTS) {
            throw new IllegalStateException("more than " + MAX_HOSTS + " hosts in one network");
        }
        String namespace = prefix + "-" + name;
        String port = "p" + hosts++;
        String address = "10.77.0." + hosts;
        addNamespace(namespace);
        ip(
                "link",
                "add",
                "eth0",
                "netns",
                namespace,
                "type",
                "veth",
                "peer",
                "name",
                port,
                "netns",
                switchName());
        ip("-n", switchName(), "link", "set", port, "master", "br0", "up");
        ip("-n", namespace, "addr", "add", address + "/16", "dev", "eth0");
        ip("-n", namespace, "link", "set", "eth0", "up");
        // libtorrent takes an interface without a default route for a dead end.
        ip("-n", namespace, "route", "add", "default", "dev", "eth0");
        return new Host(this, name, namespace, address);
    }

    /// The namespaces that stand now, for whoever wants to see that they go.
    public List<String> namespaces() {
        return List.copyOf(namespaces);
    }

    /// Records what passes the switch, whoever it is for, from now on.
    ///
    /// @param filter a pcap filter, such as `tcp`
    /// @param packets it ends by itself after so many
    /// @param file gets the packets as well, whole
    public Capture record(String filter, int packets, Path file) throws IOException {
        return capture(switchName(), "br0", filter, packets, Files.newOutputStream(file));
    }

    Capture capture(String namespace, String device, String filter, int packets, OutputStream copy)
            throws IOException {
        List<String> command = Capture.command(device, filter, packets);
        var capture = new Capture(new ProcessBuilder(inside(namespace, command)), copy);
        own(capture);
        capture.awaitReady();
        return capture;
    }

    /// `ip netns exec` replaces itself by the program, so the process is the program.
    static List<String> inside(String namespace, List<String> command) {
        var whole = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        whole.addAll(command);
        return whole;
    }

    void own(AutoCloseable program) {
        synchronized (started) {
            started.push(program);
        }
    }

    @Override
    public synchronized void close() {
        while (true) {
            AutoCloseable program;
            synchronized (started) {
                program = started.poll();
            }
            if (program == null) {
                break;
            }
            quietly(program);
        }
        for (String namespace : List.copyOf(namespaces).reversed()) {
            quietly(() -> ip("netns", "delete", namespace));
            namespaces.remove(namespace);
        }
        OPEN.remove(this);
    }

    private static void closeAll() {
        OPEN.forEach(Lan::close);
    }

    /// Tidying up goes on whatever one step says; what could not be removed is told.
    private static void quietly(AutoCloseable step) {
        try {
            step.close();
        } catch (Exception e) {
            System.err.println("tidying up: " + e.getMessage());
        }
    }

    private String switchName() {
        return prefix + "-switch";
    }

    private void addNamespace(String name) throws IOException {
        ip("netns", "add", name);
        namespaces.add(name);
        ip("-n", name, "link", "set", "lo", "up");
    }

    private static void ip(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            if (!process.waitFor(IP_PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(String.join(" ", command) + ": no answer");
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException(String.join(" ", command) + ": interrupted", e);
        }
        if (process.exitValue() != 0) {
            String said =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            throw new IOException(String.join(" ", command) + ": " + said.strip());
        }
    }
}
