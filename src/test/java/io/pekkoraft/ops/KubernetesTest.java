package io.pekkoraft.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigResolveOptions;
import io.pekkoraft.RaftSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** ops/kubernetes/pekko-raft.yaml, as far as it can be looked at without a cluster. */
class KubernetesTest {
  private Map<String, JsonNode> objects;

  @BeforeEach
  void read() throws IOException {
    var text = Files.readString(Path.of("ops/kubernetes/pekko-raft.yaml"));
    var yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
    objects =
        StreamSupport.stream(yaml.loadAll(text).spliterator(), false)
            .<JsonNode>map(each -> new ObjectMapper().valueToTree(each))
            .collect(
                Collectors.toMap(
                    each ->
                        each.get("kind").textValue() + "/" + each.at("/metadata/name").textValue(),
                    each -> each));
  }

  private JsonNode set() {
    return objects.get("StatefulSet/pekko-raft");
  }

  private JsonNode pod() {
    return set().at("/spec/template/spec");
  }

  private JsonNode container() {
    return pod().at("/containers/0");
  }

  private static Set<String> names(JsonNode list) {
    var names = new HashSet<String>();
    list.forEach(each -> names.add(each.get("name").textValue()));
    return names;
  }

  private List<String> command() {
    return StreamSupport.stream(container().get("command").spliterator(), false)
        .map(JsonNode::textValue)
        .toList();
  }

  private String option(String name) {
    return command().get(command().indexOf(name) + 1);
  }

  @Test
  @DisplayName("what belongs together is there, and selects the pods")
  void complete() {
    assertThat(objects.keySet())
        .containsExactlyInAnyOrder(
            "ConfigMap/pekko-raft",
            "Service/pekko-raft",
            "Service/pekko-raft-client",
            "PodDisruptionBudget/pekko-raft",
            "StatefulSet/pekko-raft");
    var labels = set().at("/spec/template/metadata/labels");
    assertThat(set().at("/spec/selector/matchLabels")).isEqualTo(labels);
    assertThat(objects.get("PodDisruptionBudget/pekko-raft").at("/spec/selector/matchLabels"))
        .isEqualTo(labels);
    assertThat(objects.get("Service/pekko-raft").at("/spec/selector")).isEqualTo(labels);
    assertThat(objects.get("Service/pekko-raft-client").at("/spec/selector")).isEqualTo(labels);
    assertThat(
            objects.get("Service/pekko-raft").at("/spec/publishNotReadyAddresses").booleanValue())
        .isTrue();
    assertThat(set().at("/spec/serviceName").textValue()).isEqualTo("pekko-raft");
    assertThat(set().at("/spec/podManagementPolicy").textValue()).isEqualTo("Parallel");
  }

  @Test
  @DisplayName("each mount has its volume, each probe its port, each port its service")
  void references() {
    var volumes = names(pod().get("volumes"));
    volumes.addAll(
        StreamSupport.stream(set().at("/spec/volumeClaimTemplates").spliterator(), false)
            .map(claim -> claim.at("/metadata/name").textValue())
            .toList());
    assertThat(names(container().get("volumeMounts"))).isEqualTo(volumes);
    var ports = names(container().get("ports"));
    for (var probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
      var get = container().get(probe).get("httpGet");
      assertThat(ports).contains(get.get("port").textValue());
      assertThat(get.get("path").textValue()).isIn("/health/alive", "/health/ready");
      assertThat(container().get(probe).get("timeoutSeconds").intValue())
          .isGreaterThan(
              (int) ConfigFactory.load().getDuration("pekko-raft.health.timeout").toSeconds());
    }
    assertThat(names(objects.get("Service/pekko-raft").at("/spec/ports"))).isEqualTo(ports);
  }

  @Test
  @DisplayName("as many peers are named as there are replicas, under the names of the pods")
  void cluster() {
    var peers = option("--cluster").split(",");
    assertThat(peers).hasSize(set().at("/spec/replicas").intValue());
    for (var i = 0; i < peers.length; i++) {
      assertThat(peers[i]).isEqualTo("pekko-raft-" + i + "=pekko-raft-" + i + ".pekko-raft:7401");
    }
    assertThat(option("--id")).isEqualTo("$(POD_NAME)");
    assertThat(option("--data")).startsWith("/data/");
    assertThat(pod().get("terminationGracePeriodSeconds").intValue()).isGreaterThan(30);
  }

  private Config nodeConf() {
    return ConfigFactory.parseString(
            objects.get("ConfigMap/pekko-raft").at("/data/node.conf").textValue())
        .resolveWith(
            ConfigFactory.parseMap(Map.of("POD_NAME", "pekko-raft-1")),
            ConfigResolveOptions.defaults());
  }

  @Test
  @DisplayName("each setting of node.conf is one that there is, and they go together")
  void settings() {
    var reference = ConfigFactory.load();
    var conf = nodeConf();
    assertThat(conf.entrySet())
        .isNotEmpty()
        .allSatisfy(entry -> assertThat(reference.hasPath(entry.getKey())).isTrue());
    assertThat(conf.getString("pekko-raft.tls.certificate"))
        .isEqualTo("/secrets/tls/pekko-raft-1.crt");
    assertThat(conf.getInt("pekko-raft.http.probes-port"))
        .isEqualTo(container().at("/ports/2/containerPort").intValue());
    var kit = ActorTestKit.create(conf.withFallback(ConfigFactory.load("in-memory.conf")));
    try {
      assertThat(RaftSettings.create(kit.system()).electionTimeout().min()).hasMillis(500);
    } finally {
      kit.shutdownTestKit();
    }
  }
}
