package io.pekkoraft.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsSettingsTest {
  @TempDir Path directory;

  private static Config with(String text) {
    return ConfigFactory.parseString(text).withFallback(ConfigFactory.load());
  }

  @Test
  @DisplayName("without files nothing is encrypted, and remoting is as it was")
  void none() {
    var config = with("");
    assertThat(TlsSettings.of(config)).isEmpty();
    assertThat(ArteryTls.in(config)).isSameAs(config);
  }

  @Test
  @DisplayName(
      "some files without the others, files that are not there, times without sense: refused")
  void refusals() {
    assertThatThrownBy(() -> TlsSettings.of(with("pekko-raft.tls.certificate = a.crt")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("private-key")
        .hasMessageContaining("authority");
    assertThatThrownBy(
            () ->
                TlsSettings.of(
                    with("pekko-raft.tls { certificate = a, private-key = b, authority = c }")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("pekko-raft.tls.certificate");
    var made = Certificates.in(directory, "--node", "n1=127.0.0.1");
    assertThatThrownBy(
            () -> TlsSettings.of(with(made.settings("n1") + ", pekko-raft.tls.reload-after = 0s")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("reload-after");
  }

  @Test
  @DisplayName("with files, remoting goes over TLS; unless between-nodes is off")
  void overlay() {
    var made = Certificates.in(directory, "--node", "n1=127.0.0.1");
    var on = ArteryTls.in(with(made.settings("n1")));
    assertThat(on.getString("pekko.remote.artery.transport")).isEqualTo("tls-tcp");
    assertThat(on.getDuration("pekko.remote.artery.ssl.rotating-keys-engine.ssl-context-cache-ttl"))
        .hasMinutes(5);
    var off = with(made.settings("n1") + ", pekko-raft.tls.between-nodes = off");
    assertThat(ArteryTls.in(off)).isSameAs(off);
  }

  @Test
  @DisplayName("certificates are read anew in time; if that fails, those before stay in use")
  void reloads() throws Exception {
    var now = new AtomicLong();
    var reads = new AtomicInteger();
    var first = SSLContext.getInstance("TLS");
    var second = SSLContext.getInstance("TLS");
    var contexts =
        new TlsContexts(
            () ->
                switch (reads.incrementAndGet()) {
                  case 1 -> first;
                  case 2 -> throw new IllegalArgumentException("half written");
                  default -> second;
                },
            100,
            now::get);
    now.set(99);
    assertThat(contexts.current()).isSameAs(first);
    now.set(100);
    assertThat(contexts.current()).isSameAs(first);
    assertThat(reads.get()).isEqualTo(2);
    now.set(200);
    assertThat(contexts.current()).isSameAs(second);
  }
}
