package io.pekkoraft.sharding.placement;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.pekkoraft.model.PeerId;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A {@link Placement} as a line of JSON, on disk and between nodes; the same one is always the same
 * line.
 *
 * <pre>
 *   {"type":"Show","version":1,"groups":16,"disks":{"r1":["5c1d…"],"r2":["e07a…"]},"newcomers":[]}
 * </pre>
 */
final class PlacementFormat {
  private static final ObjectMapper JSON = new ObjectMapper();

  private PlacementFormat() {}

  static String write(Placement placement) {
    var json = JsonNodeFactory.instance.objectNode();
    json.put("type", placement.type());
    json.put("version", placement.version());
    json.put("groups", placement.groups());
    var disks = json.putObject("disks");
    placement
        .disks()
        .forEach(
            (replica, on) -> {
              var list = disks.putArray(replica.value());
              on.forEach(disk -> list.add(disk.id()));
            });
    var newcomers = json.putArray("newcomers");
    placement.newcomers().forEach(disk -> newcomers.add(disk.id()));
    return json.toString();
  }

  /**
   * @throws IllegalArgumentException when it is none
   */
  static Placement read(String line) {
    try {
      var json = JSON.readTree(line);
      var disks = new TreeMap<PeerId, List<Disk>>();
      json.required("disks")
          .properties()
          .forEach(entry -> disks.put(PeerId.of(entry.getKey()), disks(entry.getValue())));
      return new Placement(
          json.required("type").asText(),
          json.required("version").asInt(),
          json.required("groups").asInt(),
          disks,
          new TreeSet<>(disks(json.required("newcomers"))));
    } catch (JsonProcessingException | RuntimeException e) {
      throw new IllegalArgumentException("No placement of peers: " + e.getMessage(), e);
    }
  }

  private static List<Disk> disks(JsonNode list) {
    var disks = new ArrayList<Disk>();
    list.forEach(id -> disks.add(new Disk(id.asText())));
    return disks;
  }
}
