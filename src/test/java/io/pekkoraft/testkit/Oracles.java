package io.pekkoraft.testkit;

import io.pekkoraft.RaftEvent;
import io.pekkoraft.RaftStatus;
import io.pekkoraft.membership.Configuration;
import io.pekkoraft.model.Entry;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.LogPosition;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import io.pekkoraft.protocol.PeerMessage;
import io.pekkoraft.protocol.PeerMessage.AppendAccepted;
import io.pekkoraft.protocol.PeerMessage.AppendEntries;
import io.pekkoraft.protocol.PeerMessage.GoneQuiet;
import io.pekkoraft.protocol.PeerMessage.InstallSnapshot;
import io.pekkoraft.protocol.PeerMessage.InstallSnapshotReply;
import io.pekkoraft.protocol.PeerMessage.RequestVote;
import io.pekkoraft.protocol.PeerMessage.Rouse;
import io.pekkoraft.protocol.PeerMessage.VoteReply;
import io.pekkoraft.snapshot.SnapshotAnswer.Verdict;
import io.pekkoraft.snapshot.SnapshotTransfer;
import io.pekkoraft.storage.StoreEvent;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * What must hold at every moment (Figure 3), judged from outside: by what peers say, by what is on
 * their disks, and by what their state machines are given. No peer is asked about itself.
 */
final class Oracles {
  private final Configuration founders;
  private final ConfigurationOracle configurations = new ConfigurationOracle(this::disk);
  private final Consumer<AssertionError> violation;
  private final Coverage coverage;
  private Consumer<PeerId> newLeader = leader -> {};
  private Effects newEffect = (index, term, command) -> {};
  private final TreeMap<Term, PeerId> leaders = new TreeMap<>();
  private final Map<Ballot, PeerId> votes = new HashMap<>();
  private final Map<PeerId, DurableLog> disks = new TreeMap<>();
  private final Map<LogIndex, Applied> applied = new TreeMap<>();
  private final SessionEffects sessions = new SessionEffects();
  private final Map<LogIndex, Committed> committed = new HashMap<>();
  private final Map<Term, Map<LogIndex, LogPosition>> shown = new TreeMap<>();
  private final Map<PeerId, LogIndex> lastApplied = new TreeMap<>();
  private final Map<LogIndex, Past<?>> pasts = new TreeMap<>();
  private final Map<SnapshotTransfer, LogPosition> transfers = new HashMap<>();
  private final Set<SnapshotTransfer> installed = new HashSet<>();
  private final Map<LogPosition, Written> written = new HashMap<>();
  private final Map<Term, LogIndex> committedBy = new TreeMap<>();
  private final Map<PeerId, Term> promised = new TreeMap<>();
  private final Map<PeerId, RaftStatus> reported = new TreeMap<>();
  private final Map<PeerId, RaftStatus.Role> roles = new TreeMap<>();
  private final Set<Object> queries = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Map<PeerId, Integer> lives = new TreeMap<>();
  private LogIndex newestCommitted = LogIndex.ZERO;
  private long asked;
  private long changes;

  /** Each peer is named in the log once in each of its lives, unless a change does so. */
  private long born;

  /** The first who applied an index. */
  private record Applied(PeerId peer, Object command, Term term) {}

  /**
   * @param in the newest term that anybody led in when it was first known to be committed
   */
  private record Committed(Term term, Term in) {}

  private record Written(Entry entry, Term before) {}

  /**
   * @param life how often the voter had lost its disk before
   */
  private record Ballot(PeerId voter, int life, Term term) {}

  /**
   * @param founders the configuration that the group begins with
   */
  Oracles(Configuration founders, Consumer<AssertionError> violation, Coverage coverage) {
    this.founders = founders;
    this.violation = violation;
    this.coverage = coverage;
  }

  private void require(boolean holds, String rule, Object... what) {
    if (!holds) {
      violation.accept(new AssertionError(rule + ": " + String.format(rule(what), what)));
    }
  }

  private static String rule(Object[] what) {
    return "%s ".repeat(what.length).strip();
  }

  private DurableLog disk(PeerId peer) {
    return disks.computeIfAbsent(peer, id -> new DurableLog(founders));
  }

  /** A process of this peer begins: it applies from the start again. */
  void booted(PeerId peer) {
    lastApplied.put(peer, LogIndex.ZERO);
    reported.remove(peer);
    roles.remove(peer);
  }

  /** A client proposes something. */
  void asked() {
    asked++;
  }

  /** An operator wants another configuration. */
  void askedToChange() {
    changes++;
  }

  /** A client reads something. */
  void askedToRead(Object query) {
    asked++;
    queries.add(query);
  }

  /** Whether it is the very object that somebody reads with; a proposal comes as a copy. */
  boolean isQuery(Object command) {
    return queries.contains(command);
  }

  /** What a peer says of itself never goes back while it runs. */
  void reported(RaftStatus status) {
    var before = reported.put(status.id(), status);
    if (status.quiet()) {
      coverage.count(Coverage.Kind.QUIET, "at rest as " + status.role());
    }
    require(
        before == null
            || status.role() == RaftStatus.Role.RECOVERING
            || (!before.term().isNewerThan(status.term())
                && status.commitIndex().isAtLeast(before.commitIndex())
                && status.lastApplied().isAtLeast(before.lastApplied())),
        "terms, commit and applied index never go back",
        status,
        "was",
        before);
  }

  void heard(RaftEvent event) {
    if (event instanceof RaftEvent.SnapshotInstalled installed) {
      restored(installed.peer(), installed.position());
      coverage.count(Coverage.Kind.SNAPSHOT, "put into effect");
    } else if (event instanceof RaftEvent.SnapshotTaken) {
      coverage.count(Coverage.Kind.SNAPSHOT, "taken");
    }
    if (event instanceof RaftEvent.ConfigurationChanged changed) {
      configurations.used(changed.configuration());
    }
    if (event instanceof RaftEvent.RoleChanged changed) {
      if (changed.role() == RaftStatus.Role.LEADER) {
        leads(changed.peer(), changed.term());
        isElected(changed.peer(), changed.term());
        newLeader.accept(changed.peer());
      }
      var before = roles.put(changed.peer(), changed.role());
      coverage.count(
          Coverage.Kind.TRANSITION, (before == null ? "boot" : before) + " > " + changed.role());
    }
  }

  /** Hears of each command that takes effect, in their order. */
  @FunctionalInterface
  interface Effects {
    void applied(LogIndex index, Term term, Object command);
  }

  void whenTakingEffect(Effects listener) {
    newEffect = listener;
  }

  void whenSomebodyLeads(Consumer<PeerId> listener) {
    newLeader = listener;
  }

  /** Who leads in the newest term that has a leader. */
  Optional<PeerId> lastLeader() {
    return leaders.isEmpty() ? Optional.empty() : Optional.of(leaders.lastEntry().getValue());
  }

  private void leads(PeerId peer, Term term) {
    var other = leaders.putIfAbsent(term, peer);
    require(
        other == null || other.equals(peer),
        "Election Safety (§5.2)",
        "term",
        term,
        "has the leaders",
        other,
        "and",
        peer);
  }

  private void isElected(PeerId leader, Term term) {
    var voters =
        disks.keySet().stream()
            .filter(voter -> hasVoted(voter, term, leader))
            .collect(Collectors.toSet());
    require(
        configurations.isElected(leader, term, voters),
        "a leader is elected by a majority of the configuration in its log (§6)",
        leader,
        "in term",
        term,
        "by",
        voters,
        "of",
        disk(leader).configuration());
  }

  private boolean hasVoted(PeerId voter, Term term, PeerId candidate) {
    return candidate.equals(votes.get(new Ballot(voter, life(voter), term)))
        || (voter.equals(candidate) && disk(voter).holdsVote(term, candidate));
  }

  private int life(PeerId peer) {
    return lives.getOrDefault(peer, 0);
  }

  /** A peer's disk is gone, with all that was on it. */
  void wiped(PeerId peer) {
    lives.merge(peer, 1, Integer::sum);
    configurations.lost(peer, disk(peer));
    disks.put(peer, DurableLog.blank(founders));
    promised.remove(peer);
  }

  boolean isAble(Configuration configuration) {
    return configurations.isAble(configuration, disks.keySet());
  }

  boolean canSpare(PeerId peer) {
    return configurations.canSpare(peer, disks.keySet(), newestCommitted);
  }

  // What peers say.

  void said(PeerId from, PeerId to, PeerMessage message) {
    if (message instanceof GoneQuiet) {
      coverage.count(Coverage.Kind.QUIET, "agreed");
    } else if (message instanceof Rouse) {
      coverage.count(Coverage.Kind.QUIET, "roused");
    }
    promisesInItsTerm(from, message);
    if (message instanceof AppendEntries append) {
      leads(from, append.term());
      leaderIsComplete(append);
      commitIndexGrows(append);
      configurations
          .wrongBeginning(append)
          .ifPresent(rule -> require(false, rule, from, append, "committed", append.committed()));
    } else if (message instanceof VoteReply vote && vote.granted()) {
      votesOnce(from, vote.term(), to);
      require(
          disk(from).holdsVote(vote.term(), to),
          "a vote leaves when it is durable",
          from,
          "votes for",
          to,
          "in term",
          vote.term());
    } else if (message instanceof RequestVote request) {
      votesOnce(from, request.term(), from);
      require(
          disk(from).holdsVote(request.term(), from),
          "a candidate's own vote is durable before it asks",
          from,
          "in term",
          request.term());
    } else if (message instanceof AppendAccepted accepted) {
      acknowledgesWhatItHas(accepted);
    } else if (message instanceof InstallSnapshot install) {
      transfers.put(install.chunk().transfer(), install.chunk().meta().position());
    } else if (message instanceof InstallSnapshotReply reply
        && reply.answer().verdict() == Verdict.INSTALLED) {
      hasInstalled(reply);
    }
  }

  /** A term in which a peer has bound itself, it does not forget, whatever happens to it. */
  private void promisesInItsTerm(PeerId from, PeerMessage message) {
    var binding =
        message instanceof AppendEntries
            || message instanceof AppendAccepted
            || message instanceof RequestVote
            || (message instanceof VoteReply vote && vote.granted());
    if (binding) {
      var before = promised.put(from, message.term());
      require(
          before == null || !before.isNewerThan(message.term()),
          "nothing is promised in an older term",
          from,
          message,
          "after term",
          before);
    }
  }

  private void votesOnce(PeerId voter, Term term, PeerId candidate) {
    var other = votes.putIfAbsent(new Ballot(voter, life(voter), term), candidate);
    require(
        other == null || other.equals(candidate),
        "one vote a term (§5.2)",
        voter,
        "voted in term",
        term,
        "for",
        other,
        "and for",
        candidate);
  }

  /**
   * What a leader shows of its log: it holds what was committed before it was elected (§5.4.3), and
   * it says how far it has committed.
   */
  private void leaderIsComplete(AppendEntries append) {
    shows(append, append.previous());
    var index = append.previous().index();
    for (var entry : append.entries()) {
      index = index.next();
      shows(append, new LogPosition(entry.term(), index));
    }
    var position = logOf(append.term()).get(append.committed());
    if (position != null) {
      commits(position);
    }
  }

  private void shows(AppendEntries append, LogPosition position) {
    holdsWhatIsCommitted(append, position);
    logOf(append.term()).put(position.index(), position);
  }

  /** What the leader of a term has shown of its log. */
  private Map<LogIndex, LogPosition> logOf(Term term) {
    return shown.computeIfAbsent(term, t -> new HashMap<>());
  }

  /** To acknowledge is to promise that these very entries of the leader's are on disk. */
  private void acknowledgesWhatItHas(AppendAccepted accepted) {
    var known = committed.get(accepted.matched());
    var position =
        logOf(accepted.term())
            .getOrDefault(
                accepted.matched(),
                known == null ? null : new LogPosition(known.term(), accepted.matched()));
    require(
        accepted.matched().equals(LogIndex.ZERO)
            || (position != null && disk(accepted.from()).heldLately(position)),
        "an acknowledgement leaves when it is durable",
        accepted,
        "is of",
        position,
        "and the disk ends at",
        disk(accepted.from()).last());
  }

  /** To have installed a snapshot is to have it after a crash as well, or all that it includes. */
  private void hasInstalled(InstallSnapshotReply reply) {
    var position = transfers.get(reply.answer().transfer());
    require(
        disk(reply.from()).heldLately(position),
        "an installed snapshot is durable",
        reply.from(),
        "says that it has",
        position,
        "and the disk ends at",
        disk(reply.from()).last());
    if (installed.add(reply.answer().transfer())) {
      coverage.count(Coverage.Kind.SNAPSHOT, "sent");
    }
  }

  private void holdsWhatIsCommitted(AppendEntries append, LogPosition position) {
    var known = committed.get(position.index());
    require(
        known == null
            || !append.term().isNewerThan(known.in())
            || known.term().equals(position.term()),
        "Leader Completeness (§5.4.3)",
        append.from(),
        "leads term",
        append.term(),
        "with",
        position,
        "but committed is term",
        known == null ? "none" : known.term());
  }

  private void commitIndexGrows(AppendEntries append) {
    var before = committedBy.getOrDefault(append.term(), LogIndex.ZERO);
    require(
        append.committed().isAtLeast(before),
        "the commit index never goes back",
        append.from(),
        "from",
        before,
        "to",
        append.committed());
    committedBy.put(append.term(), append.committed());
  }

  // What is on their disks.

  /** A write is on this disk; its events follow. */
  void syncs(PeerId peer) {
    disk(peer).beginWrite();
  }

  void synced(PeerId peer, Object stored) {
    if (!(stored instanceof StoreEvent event)) {
      return;
    }
    var disk = disk(peer);
    var before = disk.term();
    if (event instanceof StoreEvent.PeerBorn) {
      born++;
    }
    if (event instanceof StoreEvent.LogTruncated truncated) {
      committedStays(peer, disk, truncated.first());
    }
    if (event instanceof StoreEvent.EntriesAppended appended) {
      if (!appended.first().equals(disk.last().next())) {
        require(false, "a log has no holes", peer, event, "after", disk.last());
        return;
      }
      logsMatch(peer, disk, appended);
      configurations
          .outOfOrder(peer, appended)
          .ifPresent(
              wrong ->
                  require(
                      false,
                      "a configuration may follow the one before it (§6)",
                      peer,
                      wrong,
                      "after",
                      disk.configuration()));
    }
    disk.apply(event);
    require(
        disk.last().value() <= asked + leaders.size() + 2 * changes + born,
        "a log holds what was asked for, a no-op for each leader, and who was met",
        peer,
        "has",
        disk.last(),
        "asked",
        asked,
        "leaders",
        leaders.size());
    require(
        !before.isNewerThan(disk.term()),
        "terms never go back",
        peer,
        "from",
        before,
        "to",
        disk.term());
  }

  /**
   * What a disk cuts off was never committed, as far as its term knows: a peer that was away may
   * follow, for a moment, a leader that was elected before the commit and lacks the entry.
   */
  private void committedStays(PeerId peer, DurableLog disk, LogIndex first) {
    for (var index = first; disk.last().isAtLeast(index); index = index.next()) {
      var known = committed.get(index);
      require(
          known == null
              || known.in().isNewerThan(disk.term())
              || !known.term().equals(disk.termAt(index)),
          "nothing that is committed is truncated",
          peer,
          "cuts",
          disk.termAt(index),
          "at",
          index);
    }
  }

  /** Log Matching (§5.3), by induction: the same position holds the same entry after the same. */
  private void logsMatch(PeerId peer, DurableLog disk, StoreEvent.EntriesAppended appended) {
    var index = appended.first();
    var before = disk.termAt(index.previous());
    for (var entry : appended.entries()) {
      var position = new LogPosition(entry.term(), index);
      var mine = new Written(entry, before);
      var other = written.putIfAbsent(position, mine);
      require(
          other == null || other.equals(mine),
          "Log Matching (§5.3)",
          peer,
          "at",
          position,
          mine,
          "another has",
          other);
      before = entry.term();
      index = index.next();
    }
  }

  /** Whether what stands there is for the state machine, each time that it is applied. */
  boolean isCommand(LogIndex index, Term term) {
    var known = written.get(new LogPosition(term, index));
    return known == null || known.entry().kind() == Entry.Kind.COMMAND;
  }

  // Snapshots (§7).

  /** A peer writes a snapshot of a state that came from these commands. */
  void wrote(PeerId peer, Past<?> past) {
    var other = pasts.putIfAbsent(past.last(), past);
    require(
        other == null || other.commands().equals(past.commands()),
        "State Machine Safety (§5.4.3)",
        peer,
        "has a snapshot of another past through",
        past.last());
  }

  @SuppressWarnings("unchecked") // A simulation has one type of commands.
  <C> Past<C> pastThrough(LogIndex last) {
    return (Past<C>) pasts.get(last);
  }

  /** A snapshot has taken the place of a peer's state. */
  private void restored(PeerId peer, LogPosition position) {
    var known = committed.get(position.index());
    require(
        known == null || known.term().equals(position.term()),
        "a snapshot holds what is committed",
        peer,
        position,
        "but committed is term",
        known == null ? "none" : known.term());
    var before = lastApplied.getOrDefault(peer, LogIndex.ZERO);
    require(
        position.index().isAtLeast(before),
        "a state never goes back",
        peer,
        "from",
        before,
        "to the snapshot at",
        position);
    lastApplied.put(peer, position.index());
  }

  // What their state machines are given.

  void applied(PeerId peer, LogIndex index, Term term, Object command) {
    commits(new LogPosition(term, index));
    var mine = new Applied(peer, command, term);
    var first = applied.putIfAbsent(index, mine);
    require(
        first == null || (first.command().equals(command) && first.term().equals(term)),
        "State Machine Safety (§5.4.3)",
        peer,
        "applies",
        command,
        "at",
        index,
        "but",
        first == null ? "" : first.peer() + " applied " + first.command());
    var last = lastApplied.getOrDefault(peer, LogIndex.ZERO);
    require(index.isAfter(last), "each entry is applied once", peer, index, "after", last);
    for (var left = last.next(); index.isAfter(left); left = left.next()) {
      leavesOutNothing(peer, left);
    }
    lastApplied.put(peer, index);
    if (first == null) {
      appliedFirst(peer, index, term, command);
    }
  }

  private void appliedFirst(PeerId peer, LogIndex index, Term term, Object command) {
    lastApplied.forEach(
        (other, last) ->
            require(
                !last.isAfter(index),
                "no entry is left out",
                other,
                "went past",
                index,
                "where",
                peer,
                "applies",
                command));
    var known = written.get(new LogPosition(term, index));
    var before =
        known == null ? Optional.<LogIndex>empty() : sessions.tookEffect(index, known.entry());
    require(
        before.isEmpty(),
        "a numbered command takes effect once (thesis §6.3)",
        command,
        "at",
        before,
        "and at",
        index);
    newEffect.applied(index, term, command);
  }

  private void leavesOutNothing(PeerId peer, LogIndex index) {
    var known = applied.get(index);
    require(known == null, "no entry is left out", peer, "at", index, known);
  }

  private void commits(LogPosition position) {
    newestCommitted = newestCommitted.max(position.index());
    var newest = leaders.isEmpty() ? Term.ZERO : leaders.lastKey();
    if (committed.putIfAbsent(position.index(), new Committed(position.term(), newest)) == null) {
      isOnAMajority(position);
    }
  }

  /** Committed is what a majority has on disk (§5.3). */
  private void isOnAMajority(LogPosition position) {
    var holders =
        disks.keySet().stream()
            .filter(peer -> disk(peer).holds(position))
            .collect(Collectors.toSet());
    require(
        configurations.isOnAMajority(position, holders),
        "what is committed is on the disks of a majority",
        position,
        "is on those of",
        holders);
  }
}
