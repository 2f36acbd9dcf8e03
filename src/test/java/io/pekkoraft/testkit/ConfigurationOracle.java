package io.pekkoraft.testkit;

import io.pekkoraft.membership.Configuration;
import io.pekkoraft.membership.ConfigurationFormat;
import io.pekkoraft.membership.VersionedConfiguration;
import io.pekkoraft.model.Entry;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.LogPosition;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import io.pekkoraft.protocol.PeerMessage.AppendEntries;
import io.pekkoraft.storage.StoreEvent.EntriesAppended;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
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
  private final TreeMap<LogIndex, Set<Configuration>> used = new TreeMap<>();
  private final List<Lost> lost = new ArrayList<>();

  /** A disk that is gone; what was promised with it before may still count. */
  private record Lost(PeerId peer, DurableLog disk) {}

  ConfigurationOracle(Function<PeerId, DurableLog> disks) {
    this.disks = disks;
  }

  /** The oracle counts for itself: a mistake in the peers' own counting must not hide here. */
  private static boolean decides(Configuration configuration, Set<PeerId> agreeing) {
    return isMost(configuration.voters(), agreeing)
        && (configuration.outgoing().isEmpty() || isMost(configuration.outgoing(), agreeing));
  }

  private static boolean isMost(Set<PeerId> peers, Set<PeerId> agreeing) {
    return 2 * peers.stream().filter(agreeing::contains).count() > peers.size();
  }

  /** Those of {@code peers} whose word counts in {@code configuration}. */
  private Set<PeerId> known(Configuration configuration, Stream<PeerId> peers) {
    return peers
        .filter(peer -> disks.apply(peer).isKnownTo(configuration, peer))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * Whether a leader was elected by a majority of the configuration in its log.
   *
   * @param voters who gave it their votes
   */
  boolean isElected(PeerId leader, Term term, Set<PeerId> voters) {
    var disk = disks.apply(leader);
    electedAt.put(term, disk.last());
    var counting = known(disk.configuration(), voters.stream());
    addLost(counting, disk.configuration(), gone -> gone.holdsVote(term, leader));
    return decides(disk.configuration(), counting);
  }

  /** Somebody uses a configuration, which may be on no disk yet. */
  void used(VersionedConfiguration configuration) {
    used.computeIfAbsent(configuration.version(), version -> new LinkedHashSet<>())
        .add(configuration.configuration());
  }

  /** Those whose disks were good for it when they said so. */
  private void addLost(
      Set<PeerId> counting, Configuration configuration, Predicate<DurableLog> good) {
    lost.stream()
        .filter(gone -> good.test(gone.disk()))
        .filter(gone -> gone.disk().isKnownTo(configuration, gone.peer()))
        .forEach(gone -> counting.add(gone.peer()));
  }

  /** A disk is lost. An acknowledgement that left it before may be on its way. */
  void lost(PeerId peer, DurableLog disk) {
    lost.add(new Lost(peer, disk));
  }

  /**
   * Whether a majority holds the position, of its own configuration or of one that came later, or
   * did when it said so.
   */
  boolean isOnAMajority(LogPosition position, Set<PeerId> holders) {
    var onDisk =
        holders.stream()
            .flatMap(holder -> disks.apply(holder).configurationsFrom(position.index()));
    return Stream.concat(onDisk, usedAfter(position.index()))
        .distinct()
        .anyMatch(
            configuration -> {
              var counting = known(configuration, holders.stream());
              addLost(counting, configuration, gone -> gone.holds(position));
              return decides(configuration, counting);
            });
  }

  boolean isAble(Configuration configuration, Set<PeerId> all) {
    return decides(
        configuration,
        known(configuration, Stream.concat(all.stream(), configuration.peers().stream())));
  }

  /**
   * Whether all that was committed survives without this disk, too: each configuration that is in
   * use, or was just before, or may be again, has a majority left of those that were met, and
   * whoever is left knows that the peer is another one when it comes back. A configuration in use
   * may be on no disk yet.
   */
  boolean canSpare(PeerId victim, Set<PeerId> all, LogIndex committed) {
    var left = all.stream().filter(peer -> !peer.equals(victim)).toList();
    var onDisk =
        left.stream()
            .map(disks)
            .flatMap(disk -> disk.configurationsFrom(committed.min(disk.last())));
    return Stream.concat(onDisk, usedAfter(committed))
        .filter(configuration -> !configuration.equals(Configuration.NONE))
        .allMatch(
            configuration ->
                decides(configuration, known(configuration, left.stream()))
                    && (!configuration.isVoter(victim)
                        || configuration.incarnationOf(victim).isPresent()));
  }

  private Stream<Configuration> usedAfter(LogIndex index) {
    return used.tailMap(index, false).values().stream().flatMap(Set::stream);
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
