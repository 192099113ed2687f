package dev.thistle.cli;

import dev.thistle.protocol.InfoHashes;
import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.metainfo.FileEntry;
import dev.thistle.protocol.metainfo.Magnet;
import dev.thistle.protocol.metainfo.Metainfo;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// `thistle show`: what a torrent or a magnet link holds.
final class TorrentDisplay {

    /// Longer lists are cut for people, never for scripts.
    private static final int MAX_FILES_SHOWN = 40;

    /// @param infoHash the name in the session: of v1, or of v2 cut to 20 bytes
    record Torrent(
            String name,
            String infoHash,
            Optional<String> infoHashV2,
            String version,
            String magnet,
            long lengthBytes,
            int pieceLengthBytes,
            int pieces,
            boolean isPrivate,
            List<List<String>> trackers,
            List<List<String>> obfuscatedTrackers,
            List<String> webSeeds,
            Optional<String> comment,
            Optional<String> createdBy,
            Optional<String> created,
            List<File> files) {}

    /// @param piecesRoot in v2 and hybrid torrents
    record File(String path, long lengthBytes, Optional<String> piecesRoot) {}

    record Link(
            Optional<String> infoHash,
            Optional<String> infoHashV2,
            Optional<String> name,
            List<String> trackers,
            List<String> peers,
            List<String> webSeeds,
            List<Integer> selected) {}

    private final Console console;
    private final Patience patience;

    TorrentDisplay(Console console, Patience patience) {
        this.console = console;
        this.patience = patience;
    }

    int show(String what, boolean json) throws IOException, InterruptedException {
        if (what.toLowerCase(Locale.ROOT).startsWith("magnet:")) {
            Link link = link(what);
            if (json) {
                Json.print(console, link);
            } else {
                print(link);
            }
        } else {
            Metainfo metainfo = TorrentFiles.read(what, patience);
            Torrent torrent = torrent(metainfo);
            if (json) {
                Json.print(console, torrent);
            } else {
                print(torrent, metainfo.infoHashes());
            }
        }
        return 0;
    }

    private static Link link(String text) throws MalformedException {
        Magnet magnet = Magnet.parse(text);
        return new Link(
                magnet.infoHashes().v1().map(Object::toString),
                magnet.infoHashes().v2().map(Object::toString),
                magnet.name(),
                magnet.trackers(),
                magnet.peers(),
                magnet.webSeeds(),
                magnet.selected().stream().boxed().toList());
    }

    private void print(Link link) {
        link.name().ifPresent(name -> console.say(name));
        link.infoHash().ifPresent(hash -> console.say("  info-hash      %s".formatted(hash)));
        link.infoHashV2().ifPresent(hash -> console.say("  info-hash v2   %s".formatted(hash)));
        link.trackers().forEach(url -> console.say("  tracker        %s".formatted(url)));
        link.peers().forEach(peer -> console.say("  peer           %s".formatted(peer)));
        link.webSeeds().forEach(url -> console.say("  web seed       %s".formatted(url)));
        if (!link.selected().isEmpty()) {
            console.say("  files          %s".formatted(link.selected()));
        }
    }

    private static Torrent torrent(Metainfo metainfo) {
        return new Torrent(
                metainfo.name(),
                metainfo.infoHash().toString(),
                metainfo.infoHashes().v2().map(Object::toString),
                version(metainfo),
                Magnet.of(metainfo).link(),
                metainfo.lengthBytes(),
                metainfo.pieceLengthBytes(),
                metainfo.pieceCount(),
                metainfo.isPrivate(),
                metainfo.announceList(),
                metainfo.obfuscateAnnounceList(),
                metainfo.webSeeds(),
                metainfo.comment(),
                metainfo.createdBy(),
                metainfo.creationDate().map(Object::toString),
                metainfo.files().stream()
                        .filter(file -> !file.padding())
                        .map(TorrentDisplay::file)
                        .toList());
    }

    private static String version(Metainfo metainfo) {
        return metainfo.version().name().toLowerCase(Locale.ROOT);
    }

    private static File file(FileEntry entry) {
        return new File(
                String.join("/", entry.path()),
                entry.lengthBytes(),
                entry.piecesRoot().map(Object::toString));
    }

    /// A line for each name of a torrent.
    static void printHashes(Console console, InfoHashes hashes) {
        hashes.v1().ifPresent(hash -> console.say("  info-hash  %s".formatted(hash)));
        hashes.v2().ifPresent(hash -> console.say("  info-hash  %s (v2)".formatted(hash)));
    }

    private void print(Torrent torrent, InfoHashes hashes) {
        console.say(torrent.name());
        printHashes(console, hashes);
        console.say("  magnet     %s".formatted(torrent.magnet()));
        console.say(
                "  content    %s, %s of %s%s"
                        .formatted(
                                Console.bytes(torrent.lengthBytes()),
                                Console.count(torrent.pieces(), "piece"),
                                Console.bytes(torrent.pieceLengthBytes()),
                                torrent.isPrivate() ? ", private" : ""));
        torrent.comment().ifPresent(text -> console.say("  comment    %s".formatted(text)));
        torrent.createdBy().ifPresent(text -> console.say("  created by %s".formatted(text)));
        torrent.created().ifPresent(when -> console.say("  created    %s".formatted(when)));
        print("trackers", torrent.trackers());
        print("obfuscated trackers (BEP 8)", torrent.obfuscatedTrackers());
        torrent.webSeeds().forEach(url -> console.say("  web seed   %s".formatted(url)));
        console.say("  files");
        torrent.files().stream()
                .limit(MAX_FILES_SHOWN)
                .forEach(file ->
                        console.say(
                                "    %10s  %s"
                                        .formatted(
                                                Console.bytes(file.lengthBytes()), file.path())));
        int hidden = torrent.files().size() - MAX_FILES_SHOWN;
        if (hidden > 0) {
            console.say("    and %d more; --json lists them all".formatted(hidden));
        }
    }

    private void print(String title, List<List<String>> tiers) {
        for (int tier = 0; tier < tiers.size(); tier++) {
            console.say("  %s, tier %d".formatted(title, tier + 1));
            tiers.get(tier).forEach(url -> console.say("    %s".formatted(url)));
        }
    }
}
