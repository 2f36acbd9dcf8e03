package io.pekkoraft.serialization;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.pekkoraft.storage.StoreEvent;
import java.io.IOException;

/** What a peer's journal holds, read without an actor system. */
public final class StoredEvents {
  private static final ObjectMapper CBOR = RaftCbor.mapper();

  private StoredEvents() {}

  /**
   * Reads what {@link RaftSerializer} wrote.
   *
   * @throws IllegalArgumentException when it is no such event
   */
  public static StoreEvent read(String manifest, byte[] bytes) {
    var type = RaftSerializer.type(manifest);
    if (type == null || !StoreEvent.class.isAssignableFrom(type)) {
      throw new IllegalArgumentException(
          "\"" + manifest + "\" is no event of a peer that this version knows");
    }
    try {
      return (StoreEvent) CBOR.readValue(bytes, type);
    } catch (IOException | RuntimeException e) {
      throw new IllegalArgumentException("malformed " + manifest + ": " + e.getMessage(), e);
    }
  }
}
