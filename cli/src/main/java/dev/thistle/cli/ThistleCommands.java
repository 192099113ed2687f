package dev.thistle.cli;

import dev.thistle.cli.TorrentCreation.Wanted;
import dev.thistle.engine.settings.EncryptionPolicy;
import dev.thistle.engine.settings.EncryptionPolicy.Cipher;
import dev.thistle.engine.settings.EncryptionPolicy.Level;
import dev.thistle.engine.settings.RateLimits;
import dev.thistle.protocol.metainfo.MetaVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The command line. A subcommand is a method and its options are the parameters; the work is done
/// by the class that the method calls.
@Command(
        name = "thistle",
        mixinStandardHelpOptions = true,
        version = "thistle " + Thistle.VERSION,
        synopsisSubcommandLabel = "COMMAND",
        addMethodSubcommands = false, // Thistle adds what a run needs
        description = "BitTorrent that keeps working on a network that fights it.",
        footer = {
            "",
            "Examples:",
            "  thistle demo                                   see it work, on this machine alone",
            "  thistle get some.torrent -o Downloads",
            "  thistle get some.torrent --encryption require --cipher rc4",
            "Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted."
        })
final class ThistleCommands {

    private static final String ENCRYPTION =
            "Plaintext only (off), plaintext first (allow), encrypted first (prefer), or nothing but"
                    + " encrypted (require); default: prefer.";
    private static final String ENCRYPTION_LEVELS = "off|allow|prefer|require";
    private static final String CIPHER =
            "What protects the payload of encrypted connections: nothing (plaintext), RC4, or any,"
                    + " which is RC4 wherever we choose; default: any.";
    private static final String DOWN =
            "At most so many bytes a second from all peers together, such as 500K or 2M (powers of"
                    + " 1024); 0: no limit (default).";
    private static final String UP =
            "At most so many bytes a second to all peers together, such as 500K or 2M (powers of"
                    + " 1024); 0: no limit (default).";
    private static final String CIPHERS = "plaintext|rc4|any";

    private final Console console;
    private final Patience patience;

    ThistleCommands(Console console, Patience patience) {
        this.console = console;
        this.patience = patience;
    }

    @Command(
            mixinStandardHelpOptions = true,
            description = "One obfuscated, encrypted download on loopback, explained.",
            footer = {
                "",
                "Example: thistle demo",
                "Tracker, seeder and leecher run on 127.0.0.1 alone; nothing stays behind."
            })
    int demo() throws IOException, InterruptedException {
        return new Demo(console).run();
    }

    @Command(
            mixinStandardHelpOptions = true,
            description = "Create a torrent of a file or folder.",
            footer = {
                "",
                "Example: a torrent whose announces are hidden (BEP 8), for a tracker that serves that:",
                "  thistle create holiday/ -o holiday.torrent"
                        + " --obfuscated-tracker http://tracker.example:6969/announce"
            })
    int create(
            @Parameters(paramLabel = "PATH", description = "The file or folder.") Path path,
            @Option(names = "-o", required = true, paramLabel = "FILE.torrent") Path target,
            @Option(names = "--tracker", paramLabel = "URL", description = "May be repeated.")
                    @Nullable List<String> trackers,
            @Option(
                            names = "--obfuscated-tracker",
                            paramLabel = "URL",
                            description = "Announced to by BEP 8. May be repeated.")
                    @Nullable List<String> obfuscated,
            @Option(names = "--web-seed", paramLabel = "URL", description = "May be repeated.")
                    @Nullable List<String> webSeeds,
            @Option(
                            names = "--piece-size",
                            paramLabel = "BYTES",
                            description = "A power of two from 16384 (default: by size).")
                    @Nullable Integer pieceSize,
            @ArgGroup @Nullable VersionChoice version,
            @Option(names = "--private", description = "Peers from its trackers only (BEP 27).")
                    boolean isPrivate,
            @Option(names = "--comment", paramLabel = "TEXT") @Nullable String comment,
            @Option(names = "--no-date", description = "Leave the creation date out.")
                    boolean noDate)
            throws IOException, InterruptedException {
        return new TorrentCreation(console)
                .create(
                        path,
                        target,
                        new Wanted(
                                orEmpty(trackers),
                                orEmpty(obfuscated),
                                orEmpty(webSeeds),
                                Optional.ofNullable(pieceSize),
                                version == null ? MetaVersion.V1 : version.version(),
                                isPrivate,
                                Optional.ofNullable(comment),
                                !noDate));
    }

    @Command(
            mixinStandardHelpOptions = true,
            description = "Show what a torrent or magnet link holds.",
            footer = {"", "Example: thistle show some.torrent --json"})
    int show(
            @Parameters(paramLabel = "FILE|MAGNET") String what,
            @Option(names = "--json", description = "One JSON document.") boolean json)
            throws IOException, InterruptedException {
        return new TorrentDisplay(console, patience).show(what, json);
    }

    @Command(
            mixinStandardHelpOptions = true,
            description = "Verify the data of a torrent on disk.",
            footer = {
                "",
                "Example: thistle check some.torrent Downloads",
                "Exit code 0 only when everything is there and right."
            })
    int check(
            @Parameters(paramLabel = "FILE.torrent") String torrent,
            @Parameters(paramLabel = "DIR", description = "Where the torrent's name is.") Path dir,
            @Option(names = "--json", description = "One JSON document.") boolean json)
            throws IOException, InterruptedException {
        return new DataCheck(console, patience).check(torrent, dir, json);
    }

    @Command(
            mixinStandardHelpOptions = true,
            description = "Download a torrent; what is there already is kept.",
            footer = {
                "",
                "Examples:",
                "  thistle get some.torrent -o Downloads",
                "  thistle get some.torrent --peer 192.0.2.7:6881 --encryption require --cipher rc4",
                "  thistle get 'magnet:?xt=urn:btih:...' -o Downloads",
                "  thistle get some.torrent --seed-time 2h"
            })
    int get(
            @Parameters(paramLabel = "FILE|URL|MAGNET", description = "The torrent.")
                    String torrent,
            @Option(
                            names = "-o",
                            paramLabel = "DIR",
                            defaultValue = ".",
                            description = "Where to put it (default: here).")
                    Path dir,
            @Option(
                            names = "--peer",
                            paramLabel = "HOST:PORT",
                            description = "A peer to call. May be repeated.")
                    @Nullable List<HostPort> peers,
            @Option(
                            names = "--port",
                            paramLabel = "N",
                            defaultValue = "6881",
                            description = "Where to listen; 0: any free one (default: 6881).")
                    int port,
            @Option(
                            names = "--encryption",
                            paramLabel = ENCRYPTION_LEVELS,
                            defaultValue = "prefer",
                            description = ENCRYPTION)
                    Level encryption,
            @Option(
                            names = "--cipher",
                            paramLabel = CIPHERS,
                            defaultValue = "any",
                            description = CIPHER)
                    Cipher cipher,
            @Option(
                            names = "--select",
                            paramLabel = "GLOB",
                            description =
                                    "Only files of this name or path, such as '*.iso' or 'disc1/**'."
                                            + " May be repeated.")
                    @Nullable List<String> select,
            @Option(
                            names = "--sequential",
                            description = "Pieces in their order, not the rarest first.")
                    boolean sequential,
            @Option(names = "--seed", description = "Go on seeding until interrupted.")
                    boolean seed,
            @Option(
                            names = "--seed-time",
                            paramLabel = "D",
                            description = "Go on seeding for so long in all runs, such as 30m.")
                    @Nullable Duration seedTime,
            @Option(
                            names = "--seed-ratio",
                            paramLabel = "R",
                            description =
                                    "Go on seeding until R times the size went out in all runs.")
                    @Nullable Double seedRatio,
            @Option(names = "--down", paramLabel = "RATE", defaultValue = "0", description = DOWN)
                    Rate down,
            @Option(names = "--up", paramLabel = "RATE", defaultValue = "0", description = UP)
                    Rate up,
            @Option(names = "--json", description = "One JSON document at the end.") boolean json)
            throws IOException, InterruptedException {
        var rates = new RateLimits(down.bytesPerSecond(), up.bytesPerSecond());
        var after =
                new SeedingGoal(
                        seed, Optional.ofNullable(seedTime), Optional.ofNullable(seedRatio));
        return new Transfer(
                        console, patience, new EncryptionPolicy(encryption, cipher), port, rates)
                .get(
                        torrent,
                        dir,
                        orEmpty(peers),
                        new FileSelection(orEmpty(select), sequential),
                        after,
                        json);
    }

    @Command(
            mixinStandardHelpOptions = true,
            description = "Seed a torrent whose data is complete, until interrupted.",
            footer = {
                "",
                "Examples:",
                "  thistle seed some.torrent Downloads --encryption require --cipher rc4",
                "  thistle seed new.torrent Downloads --super",
                "What did not change since the last time is not checked again."
            })
    int seed(
            @Parameters(paramLabel = "FILE.torrent") String torrent,
            @Parameters(paramLabel = "DIR", description = "Where the torrent's name is.") Path dir,
            @Option(
                            names = "--port",
                            paramLabel = "N",
                            defaultValue = "6881",
                            description = "Where to listen; 0: any free one (default: 6881).")
                    int port,
            @Option(
                            names = "--encryption",
                            paramLabel = ENCRYPTION_LEVELS,
                            defaultValue = "prefer",
                            description = ENCRYPTION)
                    Level encryption,
            @Option(
                            names = "--cipher",
                            paramLabel = CIPHERS,
                            defaultValue = "any",
                            description = CIPHER)
                    Cipher cipher,
            @Option(
                            names = "--super",
                            description =
                                    "Show pieces one by one, as the first seed (super-seeding,"
                                            + " BEP 16).")
                    boolean superSeeding,
            @Option(
                            names = "--seed-time",
                            paramLabel = "D",
                            description = "End after so long, in all runs together.")
                    @Nullable Duration seedTime,
            @Option(
                            names = "--seed-ratio",
                            paramLabel = "R",
                            description = "End when R times the size is uploaded, in all runs.")
                    @Nullable Double seedRatio,
            @Option(names = "--up", paramLabel = "RATE", defaultValue = "0", description = UP)
                    Rate up)
            throws IOException, InterruptedException {
        var rates = new RateLimits(0, up.bytesPerSecond());
        return new Transfer(
                        console, patience, new EncryptionPolicy(encryption, cipher), port, rates)
                .seed(
                        torrent,
                        dir,
                        new SeedingGoal(
                                false,
                                Optional.ofNullable(seedTime),
                                Optional.ofNullable(seedRatio)),
                        superSeeding);
    }

    @Command(
            mixinStandardHelpOptions = true,
            description = "Serve a tracker over HTTP, in the clear and obfuscated (BEP 8).",
            footer = {
                "",
                "Examples:",
                "  thistle tracker --http 0.0.0.0:6969",
                "  thistle tracker --http 0.0.0.0:6969 --allow hashes.txt --interval 15m",
                "A list holds one info-hash a line: 40 hex digits. An obfuscated announce can be",
                "served only for torrents that the tracker knows: from the list, or because somebody",
                "announced them in the clear."
            })
    int tracker(
            @Option(
                            names = "--http",
                            paramLabel = "HOST:PORT",
                            defaultValue = "0.0.0.0:6969",
                            description = "Where to serve (default: 0.0.0.0:6969).")
                    HostPort http,
            @Option(
                            names = "--interval",
                            paramLabel = "D",
                            defaultValue = "30m",
                            description = "How long clients wait between announces (default: 30m).")
                    Duration interval,
            @Option(names = "--allow", paramLabel = "FILE", description = "Serve only these.")
                    @Nullable Path allow,
            @Option(names = "--deny", paramLabel = "FILE", description = "Serve all but these.")
                    @Nullable Path deny)
            throws IOException, InterruptedException {
        return new TrackerServer(console)
                .serve(http, interval, Optional.ofNullable(allow), Optional.ofNullable(deny));
    }

    private static <T> List<T> orEmpty(@Nullable List<T> list) {
        return list == null ? List.of() : list;
    }
}
