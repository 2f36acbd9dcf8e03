package io.pekkoraft.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pekkoraft.model.PeerId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.StatusCodes;

/**
 * The body of a request to those who run a group: one JSON object of known fields, which may be
 * left out, as may the whole body. Whatever is not understood is refused, for a field with a
 * spelling mistake would else be a wish that nobody heard.
 */
final class JsonBody {
  /** The most bytes; a change that names a hundred peers has some 20 KiB. */
  static final int MAX_BYTES = 64 * 1024;

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final ObjectNode object;

  private JsonBody(ObjectNode object) {
    this.object = object;
  }

  /**
   * @param fields that the object may have
   * @throws ProblemException 400 when it is no such object, 413 when it is too large
   */
  static JsonBody of(HttpRequest request, String... fields) {
    // In memory already: RaftHttp lets no other request in.
    var bytes = ((HttpEntity.Strict) request.entity()).getData().toArray();
    if (bytes.length > MAX_BYTES) {
      throw new ProblemException(
          Problem.of(
              StatusCodes.CONTENT_TOO_LARGE,
              "This body may have " + MAX_BYTES + " bytes at most."));
    }
    if (bytes.length == 0) {
      return new JsonBody(JsonNodeFactory.instance.objectNode());
    }
    if (!(parse(bytes) instanceof ObjectNode object)) {
      throw refused("The body is not a JSON object.");
    }
    object.fieldNames().forEachRemaining(name -> requireKnown(name, Arrays.asList(fields)));
    return new JsonBody(object);
  }

  private static JsonNode parse(byte[] bytes) {
    try {
      return JSON.readTree(bytes);
    } catch (JsonProcessingException e) {
      throw refused("The body is not JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void requireKnown(String name, List<String> fields) {
    if (!fields.contains(name)) {
      throw refused("There is no field \"" + name + "\" here; there is " + fields + ".");
    }
  }

  /** The peer that a field names. */
  Optional<PeerId> peer(String field) {
    return Optional.ofNullable(object.get(field)).map(value -> peer(field, value));
  }

  /** The peers that a list names, each once; none when it is not there. */
  SortedSet<PeerId> peers(String field) {
    var peers = new TreeSet<PeerId>();
    var list = object.get(field);
    if (list == null) {
      return peers;
    }
    if (!list.isArray()) {
      throw refused("\"" + field + "\" is a list of peers' ids, as in [\"p4\"].");
    }
    for (var value : list) {
      if (!peers.add(peer(field, value))) {
        throw refused("\"" + field + "\" names " + value + " twice.");
      }
    }
    return peers;
  }

  /** What a field says, which must be there. */
  String text(String field) {
    var value = object.get(field);
    if (value == null || !value.isTextual() || value.textValue().isBlank()) {
      throw refused("\"" + field + "\" is missing, or is no string.");
    }
    return value.textValue();
  }

  private static PeerId peer(String field, JsonNode value) {
    if (!value.isTextual()) {
      throw refused("\"" + field + "\" names peers by their ids, which are strings.");
    }
    try {
      return PeerId.of(value.textValue());
    } catch (IllegalArgumentException e) {
      throw refused("\"" + field + "\": " + e.getMessage());
    }
  }

  /** A number that is not negative. */
  OptionalLong number(String field) {
    var value = object.get(field);
    if (value == null) {
      return OptionalLong.empty();
    }
    if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
      throw refused("\"" + field + "\" is a whole number, and not negative.");
    }
    return OptionalLong.of(value.longValue());
  }

  private static ProblemException refused(String detail) {
    return new ProblemException(Problem.of(StatusCodes.BAD_REQUEST, detail));
  }
}
