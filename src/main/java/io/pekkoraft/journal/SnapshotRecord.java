package io.pekkoraft.journal;

import java.util.Optional;

/**
 * One snapshot of one persistence id.
 *
 * @param sequenceNr the last event that is in it
 * @param timestamp when it was saved, in milliseconds since the epoch
 */
record SnapshotRecord(
    String persistenceId,
    long sequenceNr,
    long timestamp,
    Serialized snapshot,
    Optional<Serialized> metadata) {}
