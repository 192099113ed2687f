package dev.thistle.net.linux;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class HttpInNamespacesTest {

    @BeforeAll
    static void needs_namespaces() {
        Lab.require();
    }

    /// Asked from a virtual thread and from a platform thread, both outside.
    @Test
    void a_client_in_one_namespace_fetches_from_a_server_in_another() throws Exception {
        var served = Lab.address("10.128.0.1");
        try (var reader = Namespace.create("reader");
                var site = Namespace.create("site");
                var threads = Executors.newCachedThreadPool(reader.factory());
                var virtual = Executors.newVirtualThreadPerTaskExecutor();
                HttpClient client =
                        reader.call(() -> HttpClient.newBuilder().executor(threads).build())) {
            VethPair.lay(
                    List.of(
                            new VethPair(
                                    VethEnd.host(reader, Lab.address("10.64.0.1")),
                                    VethEnd.host(site, served),
                                    1500)));
            HttpServer server =
                    site.call(() -> HttpServer.create(new InetSocketAddress(served, 80), 0));
            server.createContext(
                    "/",
                    exchange -> {
                        byte[] caller =
                                exchange.getRemoteAddress()
                                        .getHostString()
                                        .getBytes(StandardCharsets.US_ASCII);
                        exchange.sendResponseHeaders(200, caller.length);
                        exchange.getResponseBody().write(caller);
                        exchange.close();
                    });
            server.setExecutor(virtual);
            server.start();
            try {
                var request =
                        HttpRequest.newBuilder(URI.create("http://10.128.0.1/"))
                                .timeout(Duration.ofSeconds(10))
                                .build();

                Callable<String> fetch =
                        () -> client.sendAsync(request, BodyHandlers.ofString()).get().body();

                assertThat(fetch.call()).isEqualTo("10.64.0.1");
                assertThat(virtual.submit(fetch).get()).isEqualTo("10.64.0.1");
            } finally {
                server.stop(0);
            }
        }
    }
}
