package io.pekkoraft.cli;

import java.util.Optional;

/** Which peer of which group a persistence id belongs to. */
record PeerName(String group, String peer) {
  private static final String PREFIX = "raft|";

  /** Empty when it is none of a peer: other actors may keep their events in the same store. */
  static Optional<PeerName> of(String persistenceId) {
    var slash = persistenceId.lastIndexOf('/');
    return persistenceId.startsWith(PREFIX) && slash > PREFIX.length()
        ? Optional.of(
            new PeerName(
                persistenceId.substring(PREFIX.length(), slash),
                persistenceId.substring(slash + 1)))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return group + "/" + peer;
  }
}
