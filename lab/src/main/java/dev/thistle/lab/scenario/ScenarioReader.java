package dev.thistle.lab.scenario;

import dev.thistle.engine.settings.EncryptionPolicy.Cipher;
import dev.thistle.engine.settings.EncryptionPolicy.Level;
import dev.thistle.lab.scenario.ClientPlan.DropResets;
import dev.thistle.lab.scenario.ClientPlan.PadA;
import dev.thistle.lab.scenario.ClientPlan.Tracker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// From the tables of a scenario file to a [Scenario]. Rounds refer to clients and ISPs by name, so
/// that two rounds which are to face the same one do.
final class ScenarioReader {

    private static final int MAX_ROUNDS = 100;
    private static final int MAX_HOSTS = 200;
    private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9-]{0,39}");
    private static final String ID_FORM = "1 to 40 of a-z, 0-9 and -, not beginning with -";
    private static final Pattern LINE = Pattern.compile("[^\\p{Cntrl}]{1,200}");
    private static final String LINE_FORM = "one line of 1 to 200 characters";

    private final TomlTable root;

    ScenarioReader(TomlTable root) {
        this.root = root;
    }

    Scenario read() throws ScenarioException {
        root.only(
                "scenario",
                "title",
                "seed",
                "era",
                "network",
                "swarm",
                "quick",
                "background",
                "client",
                "isp",
                "round");
        SwarmPlan swarm = swarm(root.table("swarm"));
        Background background = background(root.table("background"));
        int hosts = swarm.peers() + background.customers();
        if (hosts > MAX_HOSTS) {
            throw root.mistake(
                    "swarm", hosts + " hosts with the background", "at most " + MAX_HOSTS);
        }
        return new Scenario(
                root.text("scenario", ID, ID_FORM),
                root.text("title", LINE, LINE_FORM),
                root.whole("seed", 0, Long.MAX_VALUE),
                root.text("era", Pattern.compile("kernel"), "kernel"),
                network(root.table("network")),
                swarm,
                quick(root.table("quick"), swarm),
                background,
                rounds());
    }

    private static AccessNetwork network(TomlTable table) throws ScenarioException {
        table.only("down", "up", "delay", "jitter", "loss", "mtu");
        long slowest = 8_000;
        long fastest = 10_000_000_000L;
        return new AccessNetwork(
                table.rate("down", slowest, fastest),
                table.rate("up", slowest, fastest),
                table.duration("delay", Duration.ZERO, Duration.ofSeconds(2)),
                table.duration("jitter", Duration.ZERO, Duration.ofSeconds(1), Duration.ZERO),
                table.share("loss", 0.5, 0),
                table.count("mtu", 576, 9000, 1500));
    }

    private static SwarmPlan swarm(TomlTable table) throws ScenarioException {
        table.only("content", "piece", "seeders", "leechers", "outside-leechers", "window");
        int seeders = table.count("seeders", 1, MAX_HOSTS);
        int leechers = table.count("leechers", 0, MAX_HOSTS);
        int outside = table.count("outside-leechers", 0, MAX_HOSTS);
        if (leechers + outside == 0) {
            throw table.mistake("leechers", "nobody who downloads", "at least 1 leecher");
        }
        return new SwarmPlan(
                content(table), piece(table), seeders, leechers, outside, window(table));
    }

    private static long content(TomlTable table) throws ScenarioException {
        return table.bytes("content", 16 << 10, 1 << 30);
    }

    private static int piece(TomlTable table) throws ScenarioException {
        long piece = table.bytes("piece", 16 << 10, 4 << 20);
        if (Long.bitCount(piece) != 1) {
            throw table.mistake("piece", HumanUnits.bytesText(piece), "a power of two");
        }
        return (int) piece;
    }

    private static Duration window(TomlTable table) throws ScenarioException {
        return table.duration("window", Duration.ofSeconds(1), Duration.ofMinutes(10));
    }

    private static SwarmPlan quick(TomlTable table, SwarmPlan whole) throws ScenarioException {
        table.only("content", "piece", "window");
        SwarmPlan quick =
                new SwarmPlan(
                        table.has("content") ? content(table) : whole.contentBytes(),
                        table.has("piece") ? piece(table) : whole.pieceBytes(),
                        whole.seeders(),
                        whole.leechers(),
                        whole.outsideLeechers(),
                        table.has("window") ? window(table) : whole.window());
        if (quick.contentBytes() > whole.contentBytes()) {
            throw table.mistake(
                    "content",
                    HumanUnits.bytesText(quick.contentBytes()),
                    "at most the %s of swarm.content"
                            .formatted(HumanUnits.bytesText(whole.contentBytes())));
        }
        if (quick.window().compareTo(whole.window()) > 0) {
            throw table.mistake(
                    "window",
                    HumanUnits.durationText(quick.window()),
                    "at most the %s of swarm.window"
                            .formatted(HumanUnits.durationText(whole.window())));
        }
        return quick;
    }

    private static Background background(TomlTable table) throws ScenarioException {
        table.only("browsers", "backups", "downloads", "resolvers", "home-servers");
        return new Background(
                table.count("browsers", 0, MAX_HOSTS, 0),
                table.count("backups", 0, MAX_HOSTS, 0),
                table.count("downloads", 0, MAX_HOSTS, 0),
                table.count("resolvers", 0, MAX_HOSTS, 0),
                table.count("home-servers", 0, MAX_HOSTS, 0));
    }

    private List<Round> rounds() throws ScenarioException {
        Map<String, ClientPlan> clients = clients(root.table("client"));
        Map<String, IspPlan> isps = isps(root.table("isp"));
        List<TomlTable> tables = root.tables("round", MAX_ROUNDS);
        if (tables.isEmpty()) {
            throw root.mistake("round", "missing", "1 to %d tables".formatted(MAX_ROUNDS));
        }
        var rounds = new ArrayList<Round>();
        var ids = new HashSet<String>();
        for (TomlTable table : tables) {
            Round round = round(table, clients, isps);
            if (!ids.add(round.id())) {
                throw table.mistake("id", "'%s' twice".formatted(round.id()), "each id once");
            }
            rounds.add(round);
        }
        return rounds;
    }

    private static Round round(
            TomlTable table, Map<String, ClientPlan> clients, Map<String, IspPlan> isps)
            throws ScenarioException {
        table.only("id", "claim", "client", "isp", "expect");
        IspPlan isp = named(table, "isp", isps);
        return new Round(
                table.text("id", ID, ID_FORM),
                table.text("claim", LINE, LINE_FORM),
                named(table, "client", clients),
                isp,
                new ExpectationReader(table.table("expect"), isp).read());
    }

    private static <T> T named(TomlTable table, String key, Map<String, T> all)
            throws ScenarioException {
        String allowed =
                all.isEmpty() ? "none, as there is no such table" : String.join(" ", all.keySet());
        String name = table.text(key, Pattern.compile(".*"), allowed);
        T found = all.get(name);
        if (found == null) {
            throw table.mistake(key, "'%s'".formatted(name), allowed);
        }
        return found;
    }

    private static Map<String, ClientPlan> clients(TomlTable tables) throws ScenarioException {
        var clients = new TreeMap<String, ClientPlan>();
        for (String name : tables.keys()) {
            clients.put(name, client(tables.table(name)));
        }
        return clients;
    }

    private static ClientPlan client(TomlTable table) throws ScenarioException {
        table.only("encryption", "cipher", "pad-a", "tracker", "drop-resets");
        Level encryption = table.choice("encryption", Level.class, null);
        Cipher cipher = table.choice("cipher", Cipher.class, Cipher.ANY);
        PadA padA = table.choice("pad-a", PadA.class, PadA.RANDOM);
        if (encryption == Level.OFF && cipher == Cipher.RC4) {
            throw table.mistake("cipher", "'rc4'", "plaintext|any where encryption is off");
        }
        if (encryption == Level.OFF && padA != PadA.RANDOM) {
            throw table.mistake(
                    "pad-a",
                    "'%s'".formatted(TomlTable.written(padA)),
                    "random where encryption is off");
        }
        return new ClientPlan(
                encryption,
                cipher,
                padA,
                table.choice("tracker", Tracker.class, Tracker.CLEAR),
                table.choice("drop-resets", DropResets.class, DropResets.NOBODY));
    }

    private static Map<String, IspPlan> isps(TomlTable tables) throws ScenarioException {
        var isps = new TreeMap<String, IspPlan>();
        for (String name : tables.keys()) {
            isps.put(name, new IspReader(tables.table(name)).read());
        }
        return isps;
    }
}
