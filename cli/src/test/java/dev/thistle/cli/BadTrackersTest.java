package dev.thistle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BadTrackersTest {

    private static final byte[] CONTENT = Samples.content(50_000);

    @TempDir Path dir;
    private Path file;
    private Path torrent;

    @BeforeEach
    void makeData() throws Exception {
        file = Samples.write(dir.resolve("data/one.bin"), CONTENT);
        torrent = dir.resolve("x.torrent");
    }

    @ParameterizedTest
    @CsvSource({
        "/html,      --tracker",
        "/missing,   --tracker",
        "/empty,     --tracker",
        "/garbage,   --tracker",
        "/reason,    --tracker",
        "/circle,    --tracker",
        "/elsewhere, --tracker",
        "/endless,   --tracker",
        "/html,      --obfuscated-tracker",
        "/reason,    --obfuscated-tracker",
        "/circle,    --obfuscated-tracker",
    })
    void what_a_tracker_answers_is_told_once_and_ends_the_wait(String path, String option)
            throws Exception {
        try (var server = new HostileServer()) {
            String url = server.url(path);
            Samples.create(file, torrent, option, url);

            var got = Program.run("get", torrent, "-o", dir.resolve("target"), "--port", 0);

            got.expectFailure("nobody to download from");
            assertThat(got.err().lines().filter(line -> line.startsWith("tracker " + url)))
                    .as(got.err())
                    .hasSize(1)
                    .noneMatch(line -> line.contains("null"));
            assertThat(server.queries()).doesNotContain("null");
        }
    }

    @ParameterizedTest
    @CsvSource({"silent", "stalling"})
    void a_tracker_that_says_nothing_does_not_hold_us(String kind) throws Exception {
        try (var server = new HostileServer()) {
            String url = kind.equals("silent") ? server.silentUrl() : server.url("/stalling");
            Samples.create(file, torrent, "--tracker", url);

            Program.run("get", torrent, "-o", dir.resolve("target"), "--port", 0)
                    .expectFailure("nobody to download from");
            Program.run("get", torrent, "-o", dir.resolve("data"), "--port", 0).expectDone();
        }
    }

    @Test
    void a_tracker_whose_certificate_nobody_signed_is_told() throws Exception {
        HttpsServer server =
                HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(selfSigned()));
        server.start();
        String url = "https://127.0.0.1:%d/announce".formatted(server.getAddress().getPort());
        try {
            Samples.create(file, torrent, "--tracker", url);

            var got = Program.run("get", torrent, "-o", dir.resolve("target"), "--port", 0);

            got.expectFailure("nobody to download from");
            assertThat(got.err())
                    .contains(
                            "tracker %s: the certificate of 127.0.0.1 is not believed: "
                                    .formatted(url));
        } finally {
            server.stop(0);
        }
    }

    private SSLContext selfSigned() throws Exception {
        Path store = dir.resolve("store.p12");
        Process keytool =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin/keytool").toString(),
                                "-genkeypair",
                                "-alias",
                                "tracker",
                                "-keyalg",
                                "EC",
                                "-dname",
                                "CN=localhost",
                                "-ext",
                                "SAN=ip:127.0.0.1",
                                "-storepass",
                                "secret",
                                "-keystore",
                                store.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(dir.resolve("keytool.log").toFile())
                        .start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance(store.toFile(), "secret".toCharArray());
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, "secret".toCharArray());
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(managers.getKeyManagers(), null, null);
        return tls;
    }

    @Test
    void a_tracker_that_nobody_answers_for_is_told() throws Exception {
        Samples.create(file, torrent, "--tracker", "https://127.0.0.1:1/announce");

        var got = Program.run("get", torrent, "-o", dir.resolve("target"), "--port", 0);

        got.expectFailure("nobody to download from");
        assertThat(got.err()).contains("tracker https://127.0.0.1:1/announce: ");
    }

    @Test
    void a_peer_helps_where_the_trackers_fail() throws Exception {
        try (var server = new HostileServer()) {
            Samples.create(file, torrent, "--tracker", server.url("/reason"));
            try (var seeder = Seeder.of(torrent, CONTENT)) {
                var got =
                        Program.run(
                                "get",
                                torrent,
                                "-o",
                                dir.resolve("target"),
                                "--port",
                                0,
                                "--peer",
                                seeder.address());
                got.expectDone();
                assertThat(got.out() + got.err()).doesNotContain("\u001b", "\u0007");
            }
        }
        assertThat(dir.resolve("target/one.bin")).hasBinaryContent(CONTENT);
    }
}
