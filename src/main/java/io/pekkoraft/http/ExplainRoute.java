package io.pekkoraft.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.pekkoraft.Explanation;
import io.pekkoraft.Finding;
import io.pekkoraft.RaftGroup;
import io.pekkoraft.RaftStatus;
import io.pekkoraft.model.LogPosition;
import io.pekkoraft.model.PeerId;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;

/**
 * {@code GET /raft/explain}: why each peer makes no progress, in words, and in parts for a program.
 * {@code progressing} tells whether somebody leads with nothing in its way. Times are in
 * milliseconds.
 */
final class ExplainRoute extends AllDirectives {
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .registerModule(new Jdk8Module())
          .registerModule(
              new SimpleModule()
                  .addSerializer(PeerId.class, new AsText<>())
                  .addKeySerializer(PeerId.class, new AsField<>())
                  .addSerializer(LogPosition.class, new AsText<>())
                  .addSerializer(Duration.class, new AsMillis()));

  private final RaftGroup<?, ?> group;

  ExplainRoute(RaftGroup<?, ?> group) {
    this.group = group;
  }

  private static final class AsText<T> extends JsonSerializer<T> {
    @Override
    public void serialize(T value, JsonGenerator json, SerializerProvider all) throws IOException {
      json.writeString(value.toString());
    }
  }

  private static final class AsField<T> extends JsonSerializer<T> {
    @Override
    public void serialize(T value, JsonGenerator json, SerializerProvider all) throws IOException {
      json.writeFieldName(value.toString());
    }
  }

  private static final class AsMillis extends JsonSerializer<Duration> {
    @Override
    public void serialize(Duration value, JsonGenerator json, SerializerProvider all)
        throws IOException {
      json.writeNumber(value.toMillis());
    }
  }

  Route route() {
    return path(
        PathMatchers.segment("raft").slash("explain"),
        () -> get(() -> completeWithFuture(group.explain().thenApply(ExplainRoute::ok))));
  }

  private static HttpResponse ok(SortedMap<PeerId, Explanation> explained) {
    return HttpResponse.create()
        .withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, json(explained).toString()));
  }

  static ObjectNode json(SortedMap<PeerId, Explanation> explained) {
    var json = JSON.createObjectNode();
    json.put("progressing", explained.values().stream().anyMatch(ExplainRoute::leads));
    var peers = json.putObject("peers");
    explained.forEach((id, explanation) -> peers.set(id.value(), json(explanation)));
    return json;
  }

  private static boolean leads(Explanation explanation) {
    return explanation.role().equals(Optional.of(RaftStatus.Role.LEADER))
        && explanation.isProgressing();
  }

  private static ObjectNode json(Explanation explanation) {
    var json =
        JSON.createObjectNode()
            .put("role", explanation.role().map(Enum::name).orElse(null))
            .put("term", explanation.term().value())
            .put("progressing", explanation.isProgressing())
            .put("words", explanation.inWords());
    var findings = json.putArray("findings");
    explanation.findings().forEach(finding -> findings.add(json(finding)));
    return json;
  }

  private static ObjectNode json(Finding finding) {
    var json =
        JSON.createObjectNode()
            .put("finding", finding.getClass().getSimpleName())
            .put("words", finding.inWords())
            .put("obstacle", finding.isObstacle());
    return json.setAll(JSON.<ObjectNode>valueToTree(finding));
  }
}
