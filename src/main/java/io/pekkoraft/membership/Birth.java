package io.pekkoraft.membership;

import io.pekkoraft.model.Incarnation;
import java.util.Objects;

/**
 * How a peer's journal began. It is written once, as the first thing, so that whatever the peer is
 * started with later changes nothing.
 *
 * @param founded the configuration that the group began with, if this peer is a founder; {@link
 *     Configuration#NONE} for one that joins a group and is told by its leader
 */
public record Birth(Incarnation incarnation, Configuration founded) {
  public Birth {
    Objects.requireNonNull(
        incarnation, "A peer without an incarnation can't be told from another.");
    Objects.requireNonNull(founded, "Configuration.NONE for a peer that joins.");
  }
}
