package dev.thistle.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.e2e.lan.Host;
import dev.thistle.e2e.lan.Lan;
import dev.thistle.e2e.lan.Needs;
import dev.thistle.e2e.lan.Program;
import dev.thistle.e2e.peer.Job;
import dev.thistle.e2e.peer.Libtorrent;
import dev.thistle.e2e.peer.Payload;
import dev.thistle.e2e.peer.Protection;
import dev.thistle.e2e.peer.Thistle;
import dev.thistle.e2e.peer.Torrent;
import dev.thistle.e2e.peer.TorrentVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What docs/embedding.md promises: an empty Maven project with the pom and the program that stand
/// there, of at most fifteen lines, our three jars and nothing else to run it, a magnet link, and
/// libtorrent to seed it.
///
/// The project has a local repository of its own, with our jars in it; whatever else Maven asks for
/// comes from the one that the build of this project uses, so that no network is needed.
class EmbeddingTest {

    private static final int SEEDER_PORT = 6891;
    private static final List<String> LIBRARIES = List.of("protocol", "net", "engine");
    private static final String VERSION = "0.1.0-SNAPSHOT";

    private final Libtorrent seeder = new Libtorrent();

    @TempDir private Path home;
    private Path project;
    private Path repository;

    @BeforeEach
    void need() throws IOException {
        Needs.network();
        Needs.thistle();
        Needs.program("mvn", "maven");
        seeder.need();
        project = Files.createDirectories(home.resolve("project"));
        repository = Files.createDirectories(home.resolve("repository"));
    }

    @Test
    void an_empty_maven_project_downloads_a_magnet_link_from_libtorrent() throws Exception {
        String guide = Files.readString(Needs.root().resolve("docs/embedding.md"));
        String program = block(guide, "java");
        assertThat(program.lines().count()).isLessThanOrEqualTo(15);
        Files.writeString(project.resolve("pom.xml"), block(guide, "xml"));
        Path source = Files.createDirectories(project.resolve("src/main/java"));
        Files.writeString(source.resolve("Download.java"), program);
        install();
        Payload payload = Payload.smallFolder(home.resolve("payload"), 5);
        try (var lan = new Lan()) {
            Host host = lan.addHost("ours");
            Host other = lan.addHost("theirs");
            compile(host);
            Path torrent = home.resolve("t.torrent");
            new Thistle().createVersion(host, home, payload.path(), torrent, "--hybrid");
            Path state = Files.createDirectories(home.resolve("state"));
            seeder.seed(
                    new Job(
                            other,
                            state,
                            torrent,
                            payload.folder(),
                            SEEDER_PORT,
                            Protection.MSE_RC4,
                            List.of()));

            host.start(project, run(link(torrent, other))).awaitSuccess(Program.LIFETIME);
        }
        assertThat(payload.differences(project.resolve("Downloads"))).isEmpty();
    }

    private static String block(String guide, String language) {
        Matcher block = Pattern.compile("(?s)```" + language + "\n(.*?)```").matcher(guide);
        assertThat(block.find()).as("a block of " + language).isTrue();
        return block.group(1);
    }

    /// As `mvn install` would, with what this build has made.
    private void install() throws IOException {
        Path root = Needs.root();
        copy(root.resolve("pom.xml"), "thistle", "pom");
        for (String library : LIBRARIES) {
            String artifact = "thistle-" + library;
            String jar = "%s/target/%s-%s.jar".formatted(library, artifact, VERSION);
            copy(root.resolve(library).resolve("pom.xml"), artifact, "pom");
            copy(root.resolve(jar), artifact, "jar");
        }
    }

    private void copy(Path file, String artifact, String type) throws IOException {
        Path folder = repository.resolve("dev/thistle/%s/%s".formatted(artifact, VERSION));
        Files.createDirectories(folder);
        Files.copy(file, folder.resolve("%s-%s.%s".formatted(artifact, VERSION, type)));
    }

    /// The compiler plugin is named by its version, since this build has fetched no other.
    private void compile(Host host) throws Exception {
        Path known =
                Path.of(
                        System.getProperty(
                                "thistle.repository",
                                System.getProperty("user.home") + "/.m2/repository"));
        Path settings =
                Files.writeString(
                        home.resolve("settings.xml"),
                        """
                        <settings>
                          <localRepository>%s</localRepository>
                          <mirrors><mirror>
                            <id>built-before</id><mirrorOf>*</mirrorOf><url>%s</url>
                          </mirror></mirrors>
                        </settings>
                        """
                                .formatted(repository, known.toUri()));
        Matcher plugin =
                Pattern.compile("maven-compiler-plugin</artifactId>\\s*<version>([^<]+)<")
                        .matcher(Files.readString(Needs.root().resolve("pom.xml")));
        assertThat(plugin.find()).isTrue();
        host.start(
                        project,
                        List.of(
                                "mvn",
                                "-B",
                                "-q",
                                "-s",
                                settings.toString(),
                                "org.apache.maven.plugins:maven-compiler-plugin:%s:compile"
                                        .formatted(plugin.group(1))),
                        Map.of("JAVA_HOME", System.getProperty("java.home")))
                .awaitSuccess(Duration.ofMinutes(2));
    }

    private List<String> run(String link) throws IOException {
        String classpath;
        try (Stream<Path> files = Files.walk(repository.resolve("dev/thistle"))) {
            classpath =
                    files.filter(file -> file.toString().endsWith(".jar"))
                            .map(Path::toString)
                            .collect(Collectors.joining(":", "target/classes:", ""));
        }
        return List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-cp",
                classpath,
                "Download",
                link);
    }

    private static String link(Path torrent, Host seeder) throws IOException {
        return Torrent.magnet(torrent, TorrentVersion.HYBRID, List.of())
                + "&x.pe="
                + seeder.at(SEEDER_PORT);
    }
}
