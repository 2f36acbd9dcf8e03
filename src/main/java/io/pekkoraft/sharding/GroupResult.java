package io.pekkoraft.sharding;

/** What a group of entities says to a {@link GroupCommand}. */
sealed interface GroupResult {
  /** The events are there. */
  record Persisted(Stamp now) implements GroupResult {}

  /** The events do not follow the state that is there, and nothing was done. */
  record Mismatch(Stamp current) implements GroupResult {}

  /** Into how many groups the entities are hashed, once and for all. */
  record Settled(int groups) implements GroupResult {}

  /** Which state is the latest. */
  record Checked(Stamp current) implements GroupResult {}

  /**
   * What the latest state is.
   *
   * @param state serialized; no bytes for the empty one
   */
  record Seen(Stamp current, byte[] state) implements GroupResult {}
}
