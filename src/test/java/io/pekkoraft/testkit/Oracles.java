package io.pekkoraft.testkit;

import io.pekkoraft.RaftEvent;
import io.pekkoraft.RaftStatus;
import io.pekkoraft.model.Entry;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.LogPosition;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import io.pekkoraft.protocol.PeerMessage;
import io.pekkoraft.protocol.PeerMessage.AppendAccepted;
import io.pekkoraft.protocol.PeerMessage.AppendEntries;
import io.pekkoraft.protocol.PeerMessage.RequestVote;
import io.pekkoraft.protocol.PeerMessage.VoteReply;
import io.pekkoraft.storage.StoreEvent;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * What must hold at every moment (Figure 3), judged from outside: by what peers say, by what is on
 * their disks, and by what their state machines are given. No peer is asked about itself.
 */
final class Oracles {
  private final Consumer<AssertionError> violation;
  private final TreeMap<Term, PeerId> leaders = new TreeMap<>();
  private final Map<String, PeerId> votes = new TreeMap<>();
  private final Map<PeerId, DurableLog> disks = new TreeMap<>();
  private final Map<LogIndex, Applied> applied = new TreeMap<>();
  private final Map<PeerId, LogIndex> lastApplied = new TreeMap<>();
  private final Map<String, Written> written = new TreeMap<>();
  private final Map<Term, LogIndex> committedBy = new TreeMap<>();

  /**
   * The first who applied an index.
   *
   * @param in the newest term that anybody led in at that moment
   */
  private record Applied(PeerId peer, Object command, Term term, Term in) {}

  private record Written(Entry entry, Term before) {}

  Oracles(Consumer<AssertionError> violation) {
    this.violation = violation;
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
    return disks.computeIfAbsent(peer, id -> new DurableLog());
  }

  /** A process of this peer begins: it applies from the start again. */
  void booted(PeerId peer) {
    lastApplied.put(peer, LogIndex.ZERO);
  }

  void heard(RaftEvent event) {
    if (event instanceof RaftEvent.RoleChanged changed
        && changed.role() == RaftStatus.Role.LEADER) {
      leads(changed.peer(), changed.term());
    }
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

  // What peers say.

  void said(PeerId from, PeerId to, PeerMessage message) {
    if (message instanceof AppendEntries append) {
      leads(from, append.term());
      leaderIsComplete(append);
      commitIndexGrows(append);
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
      require(
          disk(from).furthest().isAtLeast(accepted.matched()),
          "an acknowledgement leaves when it is durable",
          from,
          "acknowledges",
          accepted.matched(),
          "and has on disk",
          disk(from).furthest());
    }
  }

  private void votesOnce(PeerId voter, Term term, PeerId candidate) {
    var other = votes.putIfAbsent(voter + "@" + term, candidate);
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

  /** A leader that was elected after an entry was committed holds it (§5.4.3). */
  private void leaderIsComplete(AppendEntries append) {
    holdsWhatIsCommitted(append, append.previous());
    var index = append.previous().index();
    for (var entry : append.entries()) {
      index = index.next();
      holdsWhatIsCommitted(append, new LogPosition(entry.term(), index));
    }
  }

  private void holdsWhatIsCommitted(AppendEntries append, LogPosition position) {
    var known = applied.get(position.index());
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
    if (event instanceof StoreEvent.LogTruncated truncated) {
      committedStays(peer, disk, truncated.first());
    }
    if (event instanceof StoreEvent.EntriesAppended appended) {
      if (!appended.first().equals(disk.last().next())) {
        require(false, "a log has no holes", peer, event, "after", disk.last());
        return;
      }
      logsMatch(peer, disk, appended);
    }
    disk.apply(event);
    require(
        !before.isNewerThan(disk.term()),
        "terms never go back",
        peer,
        "from",
        before,
        "to",
        disk.term());
  }

  /** What a disk cuts off may be behind the memory's commit index, but never what is committed. */
  private void committedStays(PeerId peer, DurableLog disk, LogIndex first) {
    for (var index = first; disk.last().isAtLeast(index); index = index.next()) {
      var committed = applied.get(index);
      require(
          committed == null || !committed.term().equals(disk.termAt(index)),
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
      var other = written.putIfAbsent(position.toString(), mine);
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

  // What their state machines are given.

  void applied(PeerId peer, LogIndex index, Term term, Object command) {
    var newest = leaders.isEmpty() ? Term.ZERO : leaders.lastKey();
    var mine = new Applied(peer, command, term, newest);
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
    lastApplied.put(peer, index);
  }
}
