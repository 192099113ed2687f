package dev.thistle.lab.background;

import dev.thistle.isp.packet.Endpoint;
import dev.thistle.isp.packet.Packet.Transport;
import dev.thistle.lab.host.Host;
import dev.thistle.lab.scenario.Background;
import dev.thistle.lab.truth.Application;
import dev.thistle.lab.truth.Role;
import dev.thistle.lab.truth.Truth;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/// All of a scenario's background, settled on its hosts and known to the truth: servers first, then
/// those who call them. Closed in the opposite order.
///
/// | customers | outside |
/// | --- | --- |
/// | browsers | [#WEB_SERVERS] web servers, port 443 |
/// | backups | one server, port 443 |
/// | downloads | one server, port 443 |
/// | resolvers | one name server, UDP port 53 |
/// | home servers, port 443 | [#VISITORS] visitors |
public final class Neighbourhood implements Closeable {

    /// That browsers choose from.
    public static final int WEB_SERVERS = 3;

    /// Who all call on all home servers; the pattern rule looks for fewer.
    public static final int VISITORS = 10;

    private static final int HTTPS = 443;
    private static final int DNS = 53;

    private final Truth truth;
    private final Tempo tempo;
    private final SplittableRandom random;
    private final Certificate certificate;
    private final Iterator<Host> customers;
    private final Iterator<Host> outside;
    private final Map<String, Activity> activities = new LinkedHashMap<>();

    /// How many hosts outside a background needs.
    public static int outsideHosts(Background plan) {
        return (plan.browsers() > 0 ? WEB_SERVERS : 0)
                + (plan.backups() > 0 ? 1 : 0)
                + (plan.downloads() > 0 ? 1 : 0)
                + (plan.resolvers() > 0 ? 1 : 0)
                + (plan.homeServers() > 0 ? VISITORS : 0);
    }

    /// Settles and starts everything, or nothing.
    ///
    /// @param customers as many as [Background#customers] says
    /// @param outside as many as [#outsideHosts] says
    /// @param seed all choices of the background come from it
    public Neighbourhood(
            Background plan,
            Tempo tempo,
            List<Host> customers,
            List<Host> outside,
            Truth truth,
            long seed)
            throws IOException {
        if (customers.size() != plan.customers() || outside.size() != outsideHosts(plan)) {
            throw new IllegalArgumentException(
                    "%d customers and %d hosts outside, needed %d and %d"
                            .formatted(
                                    customers.size(),
                                    outside.size(),
                                    plan.customers(),
                                    outsideHosts(plan)));
        }
        this.tempo = tempo;
        this.truth = truth;
        this.customers = customers.iterator();
        this.outside = outside.iterator();
        random = new SplittableRandom(seed);
        List<InetAddress> addresses =
                Stream.concat(customers.stream(), outside.stream())
                        .map(host -> host.at(0).getAddress())
                        .toList();
        certificate = new Certificate(addresses);
        try {
            settle(plan);
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private void settle(Background plan) throws IOException {
        SSLContext trust = certificate.client();
        if (plan.browsers() > 0) {
            List<InetSocketAddress> pages = new ArrayList<>();
            for (int i = 0; i < WEB_SERVERS; i++) {
                pages.add(serve(outside.next(), Role.SERVER, Application.WEB));
            }
            for (int i = 0; i < plan.browsers(); i++) {
                Host host = customer(Role.BROWSER);
                add(host, new Browser(host, pages, trust, tempo.think(), random.split()));
            }
        }
        if (plan.backups() > 0) {
            InetSocketAddress vault = serve(outside.next(), Role.SERVER, Application.BACKUP);
            for (int i = 0; i < plan.backups(); i++) {
                Host host = customer(Role.BACKUP);
                long rate = tempo.bulkBitsPerSecond();
                add(host, new Backup(host, vault, trust, tempo.fileBytes(), rate));
            }
        }
        if (plan.downloads() > 0) {
            InetSocketAddress files = serve(outside.next(), Role.SERVER, Application.DOWNLOAD);
            for (int i = 0; i < plan.downloads(); i++) {
                Host host = customer(Role.DOWNLOADER);
                add(host, new Download(host, files, trust, tempo.fileBytes()));
            }
        }
        settleResolvers(plan.resolvers());
        settleHomeServers(plan.homeServers(), trust);
    }

    private void settleResolvers(int count) throws IOException {
        if (count == 0) {
            return;
        }
        Host names = outside.next();
        truth.settles(names, Role.SERVER);
        truth.listens(Transport.UDP, new Endpoint(names.address(), DNS), Application.DNS);
        add(names, new NameServer(names, DNS));
        for (int i = 0; i < count; i++) {
            Host host = customer(Role.RESOLVER);
            add(host, new Resolver(host, names.at(DNS), tempo.ask(), random.split()));
        }
    }

    private void settleHomeServers(int count, SSLContext trust) throws IOException {
        List<InetSocketAddress> homes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            homes.add(serve(customers.next(), Role.HOME_SERVER, Application.HOME_SERVER));
        }
        while (outside.hasNext()) {
            Host host = outside.next();
            truth.settles(host, Role.VISITOR);
            add(host, new Visitor(host, homes, trust, tempo.rest(), random.split()));
        }
    }

    private InetSocketAddress serve(Host host, Role role, Application application)
            throws IOException {
        truth.settles(host, role);
        truth.listens(Transport.TCP, new Endpoint(host.address(), HTTPS), application);
        long rate = tempo.bulkBitsPerSecond();
        add(host, new ObjectServer(host, HTTPS, certificate.server(), rate));
        return host.at(HTTPS);
    }

    private Host customer(Role role) {
        Host host = customers.next();
        truth.settles(host, role);
        return host;
    }

    private void add(Host host, Activity activity) {
        activities.put(host.name(), activity);
    }

    /// What each host has done so far, by its name.
    public Map<String, Progress> progress() {
        var progress = new LinkedHashMap<String, Progress>();
        activities.forEach((host, activity) -> progress.put(host, activity.progress()));
        return Collections.unmodifiableMap(progress);
    }

    @Override
    public void close() {
        List.copyOf(activities.values()).reversed().forEach(Activity::close);
    }
}
