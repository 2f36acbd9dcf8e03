package io.pekkoraft.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.pekkoraft.tls.Certificates;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.http.javadsl.server.Directives;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Who gets in over HTTPS, and who may change something then. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HttpsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final String SECRET = "d41d8cd98f00b204e9800998ecf8427e";

  @TempDir static Path directory;
  private Certificates certificates;
  private ActorTestKit kit;
  private int port;

  @BeforeAll
  void serve() {
    certificates =
        Certificates.in(directory.resolve("ours"), "--node", "n1=127.0.0.1", "--client", "alice");
    kit =
        ActorTestKit.create(
            ConfigFactory.parseString(
                    certificates.settings("n1") + ", pekko-raft.http.admin-token = " + SECRET)
                .withFallback(ConfigFactory.load("in-memory.conf")));
    var route = Directives.complete("served");
    port =
        RaftHttp.bind(kit.system(), "127.0.0.1", 0, route, 1024)
            .toCompletableFuture()
            .join()
            .localAddress()
            .getPort();
  }

  @AfterAll
  void stop() {
    kit.shutdownTestKit();
  }

  private static HttpClient client(SSLContext context) {
    return HttpClient.newBuilder().sslContext(context).connectTimeout(PATIENCE).build();
  }

  private HttpResponse<String> ask(
      HttpClient client, String scheme, String method, String path, String... headers)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create(scheme + "://127.0.0.1:" + port + path))
            .timeout(PATIENCE)
            .method(method, BodyPublishers.noBody());
    return client.send(
        (headers.length == 0 ? request : request.headers(headers)).build(),
        BodyHandlers.ofString());
  }

  @Test
  @DisplayName("who has a certificate of the authority gets in, client or node")
  void member() throws Exception {
    for (var name : new String[] {"alice", "n1"}) {
      var answer = ask(client(certificates.of(name).context()), "https", "GET", "/kv/a");
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo("served");
    }
    assertThat(RaftHttp.scheme(kit.system())).isEqualTo("https");
  }

  @Test
  @DisplayName("a stranger without a certificate gets nowhere, though it believes the server")
  void withoutCertificate() throws Exception {
    var believing = SSLContext.getInstance("TLS");
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    var store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (var in = java.nio.file.Files.newInputStream(certificates.of("alice").authority())) {
      store.setCertificateEntry(
          "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    trust.init(store);
    believing.init(null, trust.getTrustManagers(), null);
    assertThatThrownBy(() -> ask(client(believing), "https", "GET", "/kv/a"))
        .isInstanceOf(IOException.class);
  }

  @Test
  @DisplayName("nor does one with a certificate of another authority that trusts ours")
  void otherAuthority() throws Exception {
    var theirs = Certificates.in(directory.resolve("theirs"), "--client", "alice").of("alice");
    var believing =
        new io.pekkoraft.tls.TlsFiles(
            theirs.certificate(), theirs.privateKey(), certificates.of("alice").authority());
    assertThatThrownBy(() -> ask(client(believing.context()), "https", "GET", "/kv/a"))
        .isInstanceOf(IOException.class);
  }

  @Test
  @DisplayName("nor does one who talks plain HTTP")
  void plain() {
    assertThatThrownBy(() -> ask(HttpClient.newHttpClient(), "http", "GET", "/kv/a"))
        .isInstanceOf(IOException.class);
  }

  @Test
  @DisplayName("a client does not believe a server under another address or authority")
  void clientChecksToo() throws Exception {
    var theirs = Certificates.in(directory.resolve("fake"), "--client", "alice");
    assertThatThrownBy(() -> ask(client(theirs.of("alice").context()), "https", "GET", "/kv/a"))
        .isInstanceOf(IOException.class);
    var client = client(certificates.of("alice").context());
    var elsewhere = HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/")).build();
    assertThatThrownBy(() -> client.send(elsewhere, BodyHandlers.ofString()))
        .isInstanceOf(IOException.class);
  }

  @Test
  @DisplayName(
      "a certificate is not enough for an admin call: 401 without the token, a problem document")
  void adminCalls() throws Exception {
    var client = client(certificates.of("alice").context());
    var refused = ask(client, "https", "POST", "/raft/transfer");
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.headers().firstValue("WWW-Authenticate"))
        .contains("Bearer realm=\"pekko-raft\"");
    assertThat(refused.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(refused.body()).contains("\"status\":401").doesNotContain(SECRET);
    var wrong =
        ask(client, "https", "POST", "/raft/transfer", "Authorization", "Bearer " + SECRET + "0");
    assertThat(wrong.statusCode()).isEqualTo(401);
    var right = ask(client, "https", "POST", "/raft/transfer", "Authorization", "Bearer " + SECRET);
    assertThat(right.statusCode()).isEqualTo(200);
    assertThat(ask(client, "https", "GET", "/raft/status").statusCode()).isEqualTo(200);
  }

  @Test
  @DisplayName("beyond the loopback interface nothing is served without a token")
  void refusesToStart() {
    var open = ActorTestKit.create(ConfigFactory.load("in-memory.conf"));
    try {
      assertThatThrownBy(
              () -> RaftHttp.bind(open.system(), "0.0.0.0", 0, Directives.reject(), 1024))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("admin-token");
    } finally {
      open.shutdownTestKit();
    }
  }
}
