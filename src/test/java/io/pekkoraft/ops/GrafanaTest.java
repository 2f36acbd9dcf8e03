package io.pekkoraft.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pekkoraft.RaftEvent.QuorumLost;
import io.pekkoraft.metrics.Scraped;
import io.pekkoraft.metrics.Scraped.Sample;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GrafanaTest {
  private static final Pattern METRIC =
      Pattern.compile("\\b(?:pekko|jvm|process|system)_[a-z0-9_]+");
  private static final Pattern SELECTED = Pattern.compile("([a-z]+)=~?\"");
  private static final Pattern GROUPED = Pattern.compile("\\bby \\(([a-z, ]+)\\)");

  @TempDir Path directory;

  private static List<JsonNode> panels() throws Exception {
    var dashboard = new ObjectMapper().readTree(Path.of("ops/grafana/pekko-raft.json").toFile());
    return StreamSupport.stream(dashboard.get("panels").spliterator(), false).toList();
  }

  private static List<String> queries() throws Exception {
    return panels().stream().flatMap(panel -> panel.findValuesAsText("expr").stream()).toList();
  }

  /** What Prometheus adds by itself. */
  private static Set<String> labels(List<Sample> samples) {
    var labels = new TreeSet<>(Set.of("job", "instance"));
    for (var sample : samples) {
      SELECTED.matcher(sample.labels()).results().forEach(found -> labels.add(found.group(1)));
    }
    return labels;
  }

  @Test
  @DisplayName("every metric and label that the dashboard asks for is one that a node has")
  void metrics() throws Exception {
    try (var node = new Scraped(directory, "").busy()) {
      node.tell(
          new QuorumLost(
              "kv", PeerId.of("p1"), Term.of(1), PeerId.setOf("p2"), Duration.ofSeconds(1)));
      System.gc(); // Its pauses are shown once there was one.
      var asked =
          queries().stream()
              .flatMap(query -> METRIC.matcher(query).results().map(found -> found.group()))
              .collect(Collectors.toCollection(TreeSet::new));
      assertThat(asked).hasSizeGreaterThan(15);
      node.eventually(
          () ->
              assertThat(node.samples().stream().map(Sample::name).collect(Collectors.toSet()))
                  .containsAll(asked));
      var labels = labels(node.samples());
      for (var query : queries()) {
        assertThat(SELECTED.matcher(query).results().map(found -> found.group(1)).toList())
            .describedAs(query)
            .isSubsetOf(labels);
        assertThat(
                GROUPED
                    .matcher(query)
                    .results()
                    .flatMap(found -> List.of(found.group(1).split(", *")).stream())
                    .toList())
            .describedAs(query)
            .isSubsetOf(labels);
      }
    }
  }

  @Test
  @DisplayName("each panel has an id, a place and a query of its own, and brackets that match")
  void wellFormed() throws Exception {
    var ids = new HashSet<Integer>();
    var places = new HashSet<String>();
    for (var panel : panels()) {
      assertThat(ids.add(panel.get("id").intValue())).isTrue();
      assertThat(places.add(panel.at("/gridPos/x") + "," + panel.at("/gridPos/y"))).isTrue();
      assertThat(panel.at("/gridPos/x").intValue() + panel.at("/gridPos/w").intValue())
          .isLessThanOrEqualTo(24);
      if (!panel.get("type").textValue().equals("row")) {
        assertThat(panel.get("targets")).describedAs(panel.get("title").textValue()).isNotEmpty();
      }
    }
    for (var query : queries()) {
      for (var pair : new String[] {"()", "{}", "[]"}) {
        assertThat(query.chars().filter(c -> c == pair.charAt(0)).count())
            .describedAs(query)
            .isEqualTo(query.chars().filter(c -> c == pair.charAt(1)).count());
      }
    }
  }
}
