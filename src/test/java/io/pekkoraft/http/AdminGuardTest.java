package io.pekkoraft.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdminGuardTest {
  private static final String SECRET = "0123456789abcdef";

  @TempDir Path directory;

  private static Config with(String text) {
    return ConfigFactory.parseString(text).withFallback(ConfigFactory.load());
  }

  private static boolean opens(String settings, String authorization) {
    return HttpSettings.of(with(settings))
        .token()
        .orElseThrow()
        .isIn(Optional.ofNullable(authorization));
  }

  @ParameterizedTest
  @DisplayName(
      "what would change how a group runs is an admin call; a question is none, nor is a write")
  @CsvSource({
    "POST, /raft/transfer, true",
    "POST, /raft/members, true",
    "POST, /%72aft/transfer, true",
    "DELETE, /raft/anything, true",
    "POST, /demo/peers/p1/stop, true",
    "GET, /raft/status, false",
    "HEAD, /raft/status, false",
    "PUT, /kv/raft, false",
    "POST, /rafts, false",
    "POST, /, false"
  })
  void adminCalls(String method, String path, boolean admin) {
    var request = HttpRequest.create(path).withMethod(HttpMethods.lookup(method).orElseThrow());
    assertThat(AdminGuard.isAdmin(request)).isEqualTo(admin);
  }

  @Test
  @DisplayName("the token opens, from the settings or from a file; anything else does not")
  void tokens() throws IOException {
    var given = "pekko-raft.http.admin-token = \"" + SECRET + "\"";
    var file = Files.writeString(directory.resolve("token"), SECRET + "\n");
    var filed = "pekko-raft.http.admin-token-file = \"" + file + "\"";
    for (var settings : new String[] {given, filed}) {
      assertThat(opens(settings, "Bearer " + SECRET)).isTrue();
      assertThat(opens(settings, "bearer " + SECRET)).isTrue();
      assertThat(opens(settings, null)).isFalse();
      assertThat(opens(settings, "")).isFalse();
      assertThat(opens(settings, "Bearer")).isFalse();
      assertThat(opens(settings, "Bearer " + SECRET + "x")).isFalse();
      assertThat(opens(settings, "Bearer " + SECRET.substring(1))).isFalse();
      assertThat(opens(settings, "Basic " + SECRET)).isFalse();
    }
  }

  @ParameterizedTest
  @DisplayName("a token that is no secret is refused, and not shown")
  @ValueSource(
      strings = {"short", "with spaces in the midst of it", "quotes\\\"in-the-midst-of-it"})
  void badTokens(String token) {
    assertThatThrownBy(
            () -> HttpSettings.of(with("pekko-raft.http.admin-token = \"" + token + "\"")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("openssl rand -hex 32")
        .hasMessageNotContaining(token);
  }

  @Test
  @DisplayName("two sources of a token, or a file that is not there, are refused")
  void badSources() {
    var file = directory.resolve("none");
    assertThatThrownBy(
            () ->
                HttpSettings.of(
                    with(
                        "pekko-raft.http { admin-token = " + SECRET + "x, admin-token-file = f }")))
        .hasMessageContaining("which one");
    assertThatThrownBy(
            () -> HttpSettings.of(with("pekko-raft.http.admin-token-file = \"" + file + "\"")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(file.toString());
  }

  @ParameterizedTest
  @DisplayName("without a token only a loopback address is served")
  @CsvSource({
    "127.0.0.1, true", "::1, true", "localhost, true", "127.8.8.8, true",
    "0.0.0.0, false", "::, false", "10.1.2.3, false", "192.168.0.1, false"
  })
  void loopbackOnly(String host, boolean served) {
    var none = HttpSettings.of(with(""));
    if (served) {
      assertThat(none.requireTokenBeyondLoopback(host)).isSameAs(none);
    } else {
      assertThatThrownBy(() -> none.requireTokenBeyondLoopback(host))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(host)
          .hasMessageContaining("pekko-raft.http.admin-token");
    }
    HttpSettings.of(with("pekko-raft.http.admin-token = " + SECRET + "x"))
        .requireTokenBeyondLoopback(host);
  }
}
