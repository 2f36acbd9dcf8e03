package io.pekkoraft.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForeignPagesTest {
  @ParameterizedTest
  @DisplayName("what would change something comes from a page of this server, or from no page")
  @CsvSource({
    "POST, http://evil.example, 127.0.0.1:8080, true",
    "PUT, http://evil.example, 127.0.0.1:8080, true",
    "DELETE, http://127.0.0.1:8081, 127.0.0.1:8080, true",
    "POST, null, 127.0.0.1:8080, true",
    "POST, http://evil.example, , true",
    "POST, http://127.0.0.1:8080, 127.0.0.1:8080, false",
    "POST, https://raft.example, RAFT.example, false",
    "POST, , 127.0.0.1:8080, false",
    "GET, http://evil.example, 127.0.0.1:8080, false"
  })
  void foreign(String method, String origin, String host, boolean foreign) {
    var request = HttpRequest.create("/kv/x").withMethod(HttpMethods.lookup(method).orElseThrow());
    if (origin != null) {
      request = request.addHeader(RawHeader.create("Origin", origin));
    }
    if (host != null) {
      request = request.addHeader(RawHeader.create("Host", host));
    }
    assertThat(ForeignPages.isFromElsewhere(request)).isEqualTo(foreign);
  }
}
