package io.pekkoraft.sharding;

import java.util.List;

/** What a group of entities replicates, and what is asked of it. */
sealed interface GroupCommand {
  /**
   * Adds events to an entity, if its state is the one that they were decided on.
   *
   * @param base the state that they follow
   * @param lineage who decided on them
   * @param events serialized; at least one
   */
  record Persist(String entityId, Stamp base, long lineage, List<byte[]> events)
      implements GroupCommand {
    public Persist {
      events = List.copyOf(events);
    }

    /** The state that they lead to. */
    Stamp next() {
      return base.after(events.size(), lineage);
    }
  }

  /** Settles into how many groups the entities are hashed, unless that is settled. */
  record Settle(int groups) implements GroupCommand {}

  /** A query: which state is the latest. */
  record Check(String entityId) implements GroupCommand {}

  /** A query: what the latest state is. */
  record Look(String entityId) implements GroupCommand {}
}
