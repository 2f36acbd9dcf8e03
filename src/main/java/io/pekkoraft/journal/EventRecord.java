package io.pekkoraft.journal;

import java.util.Optional;

/** What stands in the journal under one sequence number of one persistence id. */
sealed interface EventRecord {
  String persistenceId();

  long sequenceNr();

  /**
   * An event.
   *
   * @param timestamp when it was persisted, in milliseconds since the epoch
   * @param writer the unique id of the writing actor's incarnation
   * @param adapterManifest what the event adapter wants back on replay, empty if there is none
   */
  record Stored(
      String persistenceId,
      long sequenceNr,
      long timestamp,
      String writer,
      String adapterManifest,
      Serialized event,
      Optional<Serialized> metadata)
      implements EventRecord {}

  /**
   * The place of an event that was rejected. Its writer has used the sequence number up, and
   * without this mark a replay could not tell it from an event that got lost.
   */
  record Rejected(String persistenceId, long sequenceNr) implements EventRecord {}
}
