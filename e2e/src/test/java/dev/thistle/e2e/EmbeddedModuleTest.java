package dev.thistle.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.e2e.lan.Needs;
import java.io.IOException;
import java.lang.module.ModuleDescriptor.Exports;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a program on the module path sees of the engine: all that it needs, and nothing else.
@Timeout(120)
class EmbeddedModuleTest {

    private static final String MODULE = "module embedder { requires dev.thistle.engine; }";

    /// Nothing but the three libraries: no annotations, no logging framework.
    private static final String MODULE_PATH =
            Stream.of("protocol", "net", "engine")
                    .map(library -> Needs.root().resolve(library + "/target/classes").toString())
                    .collect(Collectors.joining(":"));

    @TempDir private Path home;

    @Test
    void a_module_that_requires_the_engine_alone_downloads_by_it() throws Exception {
        String program =
                """
                package embedder;

                import dev.thistle.engine.Session;
                import dev.thistle.engine.event.SessionEvent;
                import dev.thistle.engine.settings.EncryptionPolicy;
                import dev.thistle.engine.settings.SessionSettings;
                import dev.thistle.engine.settings.TorrentSettings;
                import dev.thistle.engine.snapshot.TorrentSnapshot;
                import dev.thistle.engine.storage.MemoryStore;
                import dev.thistle.net.MemoryNetwork;
                import dev.thistle.protocol.PeerAddress;
                import dev.thistle.protocol.metainfo.MetainfoReader;
                import dev.thistle.protocol.metainfo.TorrentBuilder;
                import java.net.InetSocketAddress;
                import java.nio.ByteBuffer;
                import java.security.MessageDigest;
                import java.util.List;
                import java.util.Random;

                final class Main {
                    private static final byte[] CONTENT = "what one has and another wants".getBytes();

                    private static Session open(MemoryNetwork net, int number) throws Exception {
                        var host = net.host("10.0.0." + number);
                        var port = new InetSocketAddress(host.ip(), 6881);
                        var settings = SessionSettings.of(port, EncryptionPolicy.DEFAULT);
                        return Session.open(settings, host, new Random(number));
                    }

                    private static void print(SessionEvent event) {
                        if (event instanceof SessionEvent.PieceVerified verified) {
                            System.out.println("piece " + verified.piece());
                        }
                    }

                    public static void main(String[] args) throws Exception {
                        var builder = TorrentBuilder.ofFile("content", CONTENT.length, 16384);
                        builder.pieceHash(MessageDigest.getInstance("SHA-1").digest(CONTENT));
                        var metainfo = MetainfoReader.read(ByteBuffer.wrap(builder.build()));
                        var internet = new MemoryNetwork(1);
                        var store = new MemoryStore(CONTENT.length);
                        try (var seeds = open(internet, 1);
                                var gets = open(internet, 2);
                                var _ = gets.listen(Main::print)) {
                            var whole = new MemoryStore(CONTENT);
                            seeds.add(metainfo, whole, TorrentSettings.DEFAULT).completed().join();
                            var torrent = gets.add(metainfo, store, TorrentSettings.DEFAULT);
                            torrent.addPeers(List.of(PeerAddress.of(new byte[] {10, 0, 0, 1}, 6881)));
                            TorrentSnapshot done = torrent.completed().join();
                            System.out.println(new String(store.content()));
                            System.out.println(done.verifiedBytes() + " bytes");
                        }
                        System.out.println(Main.class.getModule());
                    }
                }
                """;
        assertThat(compile(program)).isEmpty();

        assertThat(run())
                .contains("piece 0", "what one has and another wants", "30 bytes")
                .endsWith("module embedder");
    }

    /// One of each room that an embedder has no business in.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "dev.thistle.engine.discovery.Announcer",
                "dev.thistle.engine.limits.Allowance",
                "dev.thistle.engine.peers.BufferPool",
                "dev.thistle.engine.pieces.PieceCheck",
                "dev.thistle.engine.resume.ResumeFile",
                "dev.thistle.engine.stream.FileStream",
                "dev.thistle.engine.torrent.TorrentLoop",
                "dev.thistle.engine.webseeds.WebSeed",
                "dev.thistle.net.linux.Namespace",
            })
    void what_is_inside_is_not_seen_from_outside(String inner) throws Exception {
        assertThat(Class.forName(inner)).as("or this would be no test").isPublic();
        String room = inner.substring(0, inner.lastIndexOf('.'));

        assertThat(compile("package embedder; class Main { %s inside; }".formatted(inner)))
                .hasSize(1)
                .first()
                .asString()
                .contains("package %s is not visible".formatted(room));
    }

    /// A new package is inside until somebody says otherwise here.
    @Test
    void these_packages_are_for_everybody() {
        assertThat(exported("engine"))
                .containsExactlyInAnyOrder(
                        "dev.thistle.engine",
                        "dev.thistle.engine.creation",
                        "dev.thistle.engine.event",
                        "dev.thistle.engine.settings",
                        "dev.thistle.engine.snapshot",
                        "dev.thistle.engine.storage");
        assertThat(exported("net"))
                .containsExactlyInAnyOrder("dev.thistle.net", "dev.thistle.net.http");
    }

    private static List<String> exported(String library) {
        return ModuleFinder.of(Needs.root().resolve(library + "/target/classes")).findAll().stream()
                .flatMap(module -> module.descriptor().exports().stream())
                .filter(exports -> !exports.isQualified())
                .map(Exports::source)
                .toList();
    }

    /// @return what the compiler has against it
    private List<String> compile(String program) throws IOException {
        Path module = Files.writeString(home.resolve("module-info.java"), MODULE);
        Path main = Files.writeString(home.resolve("Main.java"), program);
        JavaCompiler compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler());
        var said = new DiagnosticCollector<JavaFileObject>();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(said, null, null)) {
            compiler.getTask(
                            null,
                            files,
                            said,
                            List.of(
                                    "--module-path",
                                    MODULE_PATH,
                                    "-proc:none",
                                    "-d",
                                    home.resolve("classes").toString()),
                            null,
                            files.getJavaFileObjects(module, main))
                    .call();
        }
        return said.getDiagnostics().stream()
                .filter(each -> each.getKind() == Diagnostic.Kind.ERROR)
                .map(each -> each.getMessage(null))
                .toList();
    }

    private String run() throws IOException, InterruptedException {
        Path out = home.resolve("out");
        Process program =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                                "--module-path",
                                MODULE_PATH + ":" + home.resolve("classes"),
                                "--module",
                                "embedder/embedder.Main")
                        .redirectErrorStream(true)
                        .redirectOutput(out.toFile())
                        .start();
        try {
            assertThat(program.waitFor(100, TimeUnit.SECONDS)).as("it ends").isTrue();
        } finally {
            program.destroyForcibly();
        }
        assertThat(program.exitValue()).as(Files.readString(out)).isZero();
        return Files.readString(out).strip();
    }
}
