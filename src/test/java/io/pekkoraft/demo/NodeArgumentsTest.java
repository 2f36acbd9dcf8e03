package io.pekkoraft.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pekkoraft.model.PeerId;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeArgumentsTest {
  private static NodeArguments parse(String id, String cluster, String http) {
    return NodeArguments.parse(
        id, cluster, http, Path.of("data"), Optional.empty(), false, false, Optional.empty());
  }

  @Test
  @DisplayName("a list of nodes is read")
  void reads() {
    var parsed = parse("n2", "n1=127.0.0.1:7401, n2=[::1]:7402", "127.0.0.1:0");
    assertThat(parsed.cluster()).containsOnlyKeys(PeerId.of("n1"), PeerId.of("n2"));
    assertThat(parsed.cluster().get(PeerId.of("n2"))).hasToString("[::1]:7402");
    assertThat(parsed.http().port()).isZero();
  }

  @Test
  @DisplayName("a node has the peers of the replica that is its place in the list")
  void replica() {
    var cluster = "z=127.0.0.1:7401,y=127.0.0.1:7402,x=127.0.0.1:7403,w=127.0.0.1:7404";
    assertThat(parse("z", cluster, "127.0.0.1:0").replica(3)).isEqualTo(1);
    assertThat(parse("x", cluster, "127.0.0.1:0").replica(3)).isEqualTo(3);
    assertThat(parse("w", cluster, "127.0.0.1:0").replica(3)).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "n9 | n1=127.0.0.1:7401 | 127.0.0.1:8401 | --id n9 is not in --cluster",
        "n1 | n1=127.0.0.1 | 127.0.0.1:8401 | host:port",
        "n1 | n1=127.0.0.1:0 | 127.0.0.1:8401 | from 1 to 65535",
        "n1 | n1=127.0.0.1:70000 | 127.0.0.1:8401 | host:port",
        "n1 | 127.0.0.1:7401 | 127.0.0.1:8401 | id=host:port",
        "n1 | n1=127.0.0.1:7401,n1=127.0.0.1:7402 | 127.0.0.1:8401 | names n1 twice",
        "n1 | n1=127.0.0.1:7401,n2=127.0.0.1:7401 | 127.0.0.1:8401 | twice",
        "n1 | n1=127.0.0.1:7401 | 8401 | --http",
        "n!1 | n1=127.0.0.1:7401 | 127.0.0.1:8401 | id"
      })
  @DisplayName("what is not as it should be is refused, and how it should be is said")
  void refuses(String id, String cluster, String http, String said) {
    assertThatThrownBy(() -> parse(id, cluster, http))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(said);
  }

  @Test
  @DisplayName(
      "a port or a directory that is taken is told, in one line each, and the process ends")
  void taken(@TempDir Path data) {
    try (var cluster = new NodeCluster(data)) {
      cluster.start("n1");
      cluster.awaitStarted("n1");
      var raft = cluster.failure("n1", data.resolve("other"), cluster.freeHttp());
      assertThat(raft).contains("can't start").contains("for the other nodes");
      cluster.add("n1");
      var locked = cluster.failure("n1", data.resolve("n1"), cluster.freeHttp());
      assertThat(locked).contains("can't start").contains("n1");
    }
  }
}
