package io.pekkoraft.membership;

import io.pekkoraft.model.LogIndex;

/**
 * A configuration, and since when it is in use. A snapshot carries both, or the version would be
 * lost with the entry.
 *
 * @param version the index of its entry; {@link LogIndex#ZERO} if it never was one
 */
public record VersionedConfiguration(LogIndex version, Configuration configuration) {
  /** What a peer begins with whose log and snapshot hold none. */
  public static VersionedConfiguration bootstrap(Configuration configuration) {
    return new VersionedConfiguration(LogIndex.ZERO, configuration);
  }
}
