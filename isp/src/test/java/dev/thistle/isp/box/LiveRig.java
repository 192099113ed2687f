package dev.thistle.isp.box;

import dev.thistle.isp.detect.Detector;
import dev.thistle.isp.policy.Policy;
import dev.thistle.net.linux.Machine;
import dev.thistle.net.linux.Namespace;
import dev.thistle.net.linux.VethEnd;
import dev.thistle.net.linux.VethPair;
import java.io.Closeable;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Assumptions;

/// A customer and a host outside on a live box, with the kernel's own TCP at both ends.
final class LiveRig implements BoxWitness, Closeable {

    static final int MTU = 1500;
    private static final int CUSTOMER_PORT = 101;
    private static final int OUTSIDE_PORT = 102;
    private static final int SERVER = 6881;

    final LinkedBlockingQueue<BoxEvent> events = new LinkedBlockingQueue<>();
    final List<FlowRecord> flows = new CopyOnWriteArrayList<>();
    final CompletableFuture<Exception> failure = new CompletableFuture<>();
    final Namespace customer = Namespace.create("customer");
    final Namespace outside = Namespace.create("outside");
    final Namespace boxed = Namespace.create("box");
    final Forwarder forwarder;
    final SocketFrames frames;

    LiveRig(LineProfile up, LineProfile down, Policy policy, Detector... detectors)
            throws IOException {
        var one = (Inet4Address) InetAddress.ofLiteral("10.64.0.1");
        var other = (Inet4Address) InetAddress.ofLiteral("10.128.0.1");
        VethPair.lay(
                List.of(
                        new VethPair(
                                VethEnd.box(boxed, CUSTOMER_PORT),
                                VethEnd.host(customer, one),
                                MTU),
                        new VethPair(
                                VethEnd.box(boxed, OUTSIDE_PORT),
                                VethEnd.host(outside, other),
                                MTU)));
        List<Attachment> hosts =
                List.of(
                        new Attachment.Customer(BoxRig.ALICE.address(), CUSTOMER_PORT, up, down),
                        new Attachment.Outside(BoxRig.OLGA.address(), OUTSIDE_PORT));
        var box =
                new Box(
                        new Box.Plan(hosts, policy, MTU),
                        List.of(detectors),
                        new Random(1),
                        this,
                        Tap.NONE);
        frames = SocketFrames.open(boxed, MTU);
        forwarder = Forwarder.start(box, frames, System::nanoTime, failure::complete);
    }

    /// Ends the test as skipped, with the reason, where namespaces cannot be made.
    static void assumeAllowed() {
        Machine machine = Machine.look();
        Assumptions.assumeTrue(
                machine.namespaces() instanceof Machine.Namespaces.Allowed,
                () -> "live box: " + machine.namespaces());
        Assumptions.assumeTrue(machine.programs().contains("ip"), "live box: no program 'ip'");
    }

    /// Two ends of a connection that the customer opened to the host outside.
    record Connection(SocketChannel customer, SocketChannel outside) implements Closeable {
        @Override
        public void close() throws IOException {
            customer.close();
            outside.close();
        }
    }

    Connection connect() throws IOException {
        try (ServerSocketChannel server = outside.openServer()) {
            server.bind(new InetSocketAddress(InetAddress.ofLiteral("10.128.0.1"), SERVER));
            SocketChannel caller = customer.openSocket();
            caller.connect(server.getLocalAddress());
            return new Connection(caller, server.accept());
        }
    }

    /// Makes a host throw away resets before its TCP sees them; ends the test as skipped where the
    /// program for it is missing.
    void dropResets(Namespace host) throws IOException, InterruptedException {
        Assumptions.assumeTrue(
                Machine.look().programs().contains("nft"), "live box: no program 'nft'");
        String rules =
                "table ip deaf { chain in { type filter hook input priority 0;"
                        + " tcp flags & rst == rst drop; }; }";
        var nft = host.start(new ProcessBuilder("nft", rules).redirectErrorStream(true));
        String said = new String(nft.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (nft.waitFor() != 0) {
            throw new IOException("nft: " + said);
        }
    }

    /// Resets that the kernel of a host has sent itself.
    static long resetsSentBy(Namespace host) throws IOException {
        List<String> tcp =
                host.call(() -> Files.readAllLines(Path.of("/proc/thread-self/net/snmp"))).stream()
                        .filter(line -> line.startsWith("Tcp:"))
                        .toList();
        int column = List.of(tcp.getFirst().split(" ", -1)).indexOf("OutRsts");
        return Long.parseLong(tcp.getLast().split(" ", -1)[column]);
    }

    @Override
    public void happened(BoxEvent event) {
        events.add(event);
    }

    @Override
    public void ended(FlowRecord flow) {
        flows.add(flow);
    }

    @Override
    public void close() throws IOException {
        forwarder.close();
        customer.close();
        outside.close();
        boxed.close();
    }
}
