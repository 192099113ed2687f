package dev.thistle.isp.detect;

import dev.thistle.isp.flow.Flow;
import dev.thistle.isp.packet.Address;
import dev.thistle.isp.packet.Endpoint;
import dev.thistle.isp.packet.Packet;
import dev.thistle.isp.packet.Subnet;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// D-H1, the article's pattern: many strangers connect to one odd port of a customer, and the
/// customer uploads to them. Looks at no payload, so no encryption hides from it.
///
/// Counted are the flows whose handshake was completed within the window; one that leaves it takes
/// its remote and its bytes along. Every packet costs a few look-ups, whatever the window holds.
/// Source: isp.md 4.3 (the article; the numbers are a proposal).
public final class ArticlePattern implements Detector {

    public static final String ID = "D-H1";

    /// When the pattern is there.
    ///
    /// @param window in which remotes and bytes are counted; positive
    /// @param remotes distinct hosts that completed a handshake to one port; from 1
    /// @param uploadBytes of those flows; absent if only the share counts
    /// @param uploadShare of all their bytes, 0 to 1; either of the two is enough
    /// @param life how long the verdict on the port stands; positive
    /// @param onlyUnusualPorts whether ports below 1024, 8080 and 8443 are left alone
    public record Rule(
            Duration window,
            int remotes,
            OptionalLong uploadBytes,
            double uploadShare,
            Duration life,
            boolean onlyUnusualPorts) {

        public static final Rule DEFAULT =
                new Rule(
                        Duration.ofMinutes(1),
                        8,
                        OptionalLong.of(1_000_000),
                        0.6,
                        Duration.ofMinutes(10),
                        true);

        public Rule {
            if (!window.isPositive() || !life.isPositive()) {
                throw new IllegalArgumentException(
                        "window %s, life %s, allowed more than 0".formatted(window, life));
            }
            if (remotes < 1 || !(uploadShare >= 0 && uploadShare <= 1)) {
                throw new IllegalArgumentException(
                        "%d remotes, share %s, allowed from 1 and 0..1"
                                .formatted(remotes, uploadShare));
            }
        }
    }

    /// More handshakes within the window push the oldest out.
    private static final int MAX_CONTACTS = 65_536;

    private static final int FIRST_UNUSUAL_PORT = 1024;

    /// A port of a customer and what was counted of it.
    private static final class Port {
        private final Endpoint endpoint;
        private final Map<Address, Integer> flowsOf = new HashMap<>();
        private long up;
        private long down;

        Port(Endpoint endpoint) {
            this.endpoint = endpoint;
        }
    }

    /// A flow whose handshake was completed within the window.
    private static final class Contact {
        private final Flow flow;
        private final Port port;
        private final long nanos;
        private long up;
        private long down;

        Contact(Flow flow, Port port, long nanos) {
            this.flow = flow;
            this.port = port;
            this.nanos = nanos;
        }
    }

    private final List<Subnet> customers;
    private final Rule rule;
    private final Tags tags;
    private final Map<Endpoint, Port> ports = new HashMap<>();
    private final IdentityHashMap<Flow, Contact> contacts = new IdentityHashMap<>();
    private final Deque<Contact> inOrder = new ArrayDeque<>();

    /// @param customers whose ports are watched
    public ArticlePattern(List<Subnet> customers, Rule rule) {
        this.customers = List.copyOf(customers);
        this.rule = rule;
        tags = new Tags(ID, rule.life());
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Verdict> observe(Packet packet, Flow flow) {
        forgetBefore(packet.nanos() - rule.window().toNanos());
        if (!packet.isTcp() || !flow.handshakeDone()) {
            return List.of();
        }
        Contact contact = contacts.get(flow);
        if (contact == null) {
            contact = contact(packet, flow);
        }
        if (contact == null) {
            return List.of();
        }
        count(packet, contact);
        return holds(contact.port) ? verdicts(packet, contact.port) : List.of();
    }

    /// Null for a flow that does not count: not to a customer's odd port, or too old to be new.
    private @Nullable Contact contact(Packet packet, Flow flow) {
        Endpoint server = flow.server();
        boolean isOld = packet.nanos() - flow.startNanos() > rule.window().toNanos();
        if (isOld || !isWatched(server)) {
            return null;
        }
        Port port = ports.computeIfAbsent(server, Port::new);
        var contact = new Contact(flow, port, packet.nanos());
        contacts.put(flow, contact);
        inOrder.add(contact);
        port.flowsOf.merge(flow.client().address(), 1, Integer::sum);
        if (inOrder.size() > MAX_CONTACTS) {
            forget(inOrder.remove());
        }
        return contact;
    }

    private boolean isWatched(Endpoint server) {
        int port = server.port();
        boolean isUsual = port < FIRST_UNUSUAL_PORT || port == 8080 || port == 8443;
        return !(rule.onlyUnusualPorts() && isUsual)
                && customers.stream().anyMatch(subnet -> subnet.contains(server.address()));
    }

    private static void count(Packet packet, Contact contact) {
        int bytes = packet.payloadBytes();
        if (contact.flow.isFromClient(packet)) {
            contact.down += bytes;
            contact.port.down += bytes;
        } else {
            contact.up += bytes;
            contact.port.up += bytes;
        }
    }

    private void forgetBefore(long nanos) {
        while (!inOrder.isEmpty() && inOrder.peek().nanos - nanos < 0) {
            forget(inOrder.remove());
        }
    }

    private void forget(Contact contact) {
        contacts.remove(contact.flow);
        Port port = contact.port;
        port.up -= contact.up;
        port.down -= contact.down;
        port.flowsOf.computeIfPresent(
                contact.flow.client().address(), (_, flows) -> flows == 1 ? null : flows - 1);
        if (port.flowsOf.isEmpty()) {
            ports.remove(port.endpoint);
        }
    }

    private boolean holds(Port port) {
        boolean isMuch =
                rule.uploadBytes().isPresent() && port.up >= rule.uploadBytes().getAsLong();
        return port.flowsOf.size() >= rule.remotes()
                && port.up > 0
                && (isMuch || share(port) >= rule.uploadShare());
    }

    private static double share(Port port) {
        return (double) port.up / (port.up + port.down);
    }

    private List<Verdict> verdicts(Packet packet, Port port) {
        String evidence =
                String.format(
                        Locale.ROOT,
                        "%d hosts connected to port %d within %d s, and were sent %d bytes,"
                                + " %.0f %% of all",
                        port.flowsOf.size(),
                        port.endpoint.port(),
                        rule.window().toSeconds(),
                        port.up,
                        100 * share(port));
        var verdicts = new ArrayList<Verdict>();
        if (tags.add(port.endpoint, packet, evidence, verdicts)) {
            verdicts.add(
                    new Verdict(
                            packet.nanos(),
                            ID,
                            new Subject.OfCustomer(port.endpoint.address()),
                            evidence,
                            0,
                            0));
        }
        return verdicts;
    }
}
