package io.pekkoraft.testkit;

import io.pekkoraft.membership.Configuration;
import io.pekkoraft.membership.ConfigurationFormat;
import io.pekkoraft.model.Entry;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.LogPosition;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import io.pekkoraft.protocol.PeerMessage.AppendEntries;
import io.pekkoraft.storage.StoreEvent.EntriesAppended;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whether who decides is whom the logs name (§6). It reads the configurations from the disks, and
 * counts nobody who has come back with another disk than the one that was met (trap 27).
 */
final class ConfigurationOracle {
  private final Function<PeerId, DurableLog> disks;
  private final Map<Term, LogIndex> electedAt = new TreeMap<>();
  private final Map<Term, TreeSet<LogIndex>> begun = new TreeMap<>();

  ConfigurationOracle(Function<PeerId, DurableLog> disks) {
    this.disks = disks;
  }

  /** Those of {@code peers} whose word counts in {@code configuration}. */
  private Set<PeerId> known(Configuration configuration, Stream<PeerId> peers) {
    return peers
        .filter(peer -> disks.apply(peer).isKnownTo(configuration, peer))
        .collect(Collectors.toSet());
  }

  /**
   * Whether a leader was elected by a majority of the configuration in its log.
   *
   * @param voters who gave it their votes
   */
  boolean isElected(PeerId leader, Term term, Set<PeerId> voters) {
    var disk = disks.apply(leader);
    electedAt.put(term, disk.last());
    return disk.configuration().isMajority(known(disk.configuration(), voters.stream()));
  }

  /** Whether a majority holds the position, of its own configuration or of one that came later. */
  boolean isOnAMajority(LogPosition position, Set<PeerId> holders) {
    return holders.stream()
        .flatMap(holder -> disks.apply(holder).configurationsFrom(position.index()))
        .distinct()
        .anyMatch(
            configuration -> configuration.isMajority(known(configuration, holders.stream())));
  }

  /**
   * The first configuration that may not follow the one before it on this disk, if there is one.
   */
  Optional<Configuration> outOfOrder(PeerId peer, EntriesAppended appended) {
    var before = disks.apply(peer).configuration();
    for (var entry : appended.entries()) {
      if (entry.kind() == Entry.Kind.CONFIGURATION) {
        var next = ConfigurationFormat.decode(entry.payload());
        if (!next.mayFollow(before)) {
          return Optional.of(next);
        }
        before = next;
      }
    }
    return Optional.empty();
  }

  /** What is wrong with a change that a leader begins with this message, if it begins one. */
  Optional<String> wrongBeginning(AppendEntries append) {
    var own = begun.computeIfAbsent(append.term(), term -> new TreeSet<>());
    var index = append.previous().index();
    for (var entry : append.entries()) {
      index = index.next();
      if (entry.kind() == Entry.Kind.CONFIGURATION
          && entry.term().equals(append.term())
          && !own.contains(index)) {
        var before = own.lower(index);
        own.add(index);
        var lastOfOthers = disks.apply(append.from()).versionBefore(index);
        var last = before == null ? lastOfOthers : before.max(lastOfOthers);
        if (!append.committed().isAtLeast(last)) {
          return Optional.of("one change at a time (§6)");
        }
        var elected = electedAt.get(append.term());
        if (elected != null && !append.committed().isAfter(elected)) {
          return Optional.of(
              "no change before an entry of the own term is committed (thesis §4.1)");
        }
      }
    }
    return Optional.empty();
  }
}
