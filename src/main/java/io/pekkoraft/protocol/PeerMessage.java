package io.pekkoraft.protocol;

import io.pekkoraft.membership.ConfigurationFormat;
import io.pekkoraft.model.Batch;
import io.pekkoraft.model.Entry;
import io.pekkoraft.model.Incarnation;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.LogPosition;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import io.pekkoraft.snapshot.SnapshotAnswer;
import io.pekkoraft.snapshot.SnapshotChunk;

/** What one peer says to another (Figure 2). Any of it may be lost, late, doubled or reordered. */
public sealed interface PeerMessage extends RaftMessage {
  PeerId from();

  /** The sender's current term; a newer one makes the reader a follower (§5.1). */
  Term term();

  /**
   * What may count for a majority, if the sender is who it says to be: {@code incarnation} tells it
   * from a peer that goes by the same name and lost the disk on which it had promised something.
   */
  sealed interface Answer extends PeerMessage {
    Incarnation incarnation();
  }

  /**
   * Tells the reader that the group has met it under another incarnation than {@code heard}: it has
   * lost its disk, so its word counts for nothing.
   *
   * @param version of the configuration by which the sender judges; to a reader whose own is as new
   *     it says nothing
   */
  record Disowned(PeerId from, Term term, LogIndex version, Incarnation heard)
      implements PeerMessage {}

  /**
   * Asks whether an election in the term after {@code term} could be won; changes nothing at its
   * reader (thesis §9.6).
   *
   * @param last where the sender's log ends
   */
  record PreVote(PeerId from, Term term, LogPosition last) implements PeerMessage {}

  /**
   * Answers a {@link PreVote}. It is no promise: the reader may grant it to many.
   *
   * @param asked the term that the pre-candidate was in when it asked
   */
  record PreVoteReply(PeerId from, Term term, Term asked, boolean granted, Incarnation incarnation)
      implements Answer {}

  /**
   * Asks for the vote in {@code term} (§5.2).
   *
   * @param last where the candidate's log ends; a voter with a better log refuses (§5.4.1)
   * @param transfer whether the leader itself wants this election: then it counts for nothing that
   *     the voter hears it (thesis §3.10, §4.2.3)
   */
  record RequestVote(PeerId from, Term term, LogPosition last, boolean transfer)
      implements PeerMessage {}

  /** Promises the vote of {@code term} to the reader, or refuses it. */
  record VoteReply(PeerId from, Term term, boolean granted, Incarnation incarnation)
      implements Answer {}

  /** The leader tells a follower to stand for election at once (thesis §3.10). */
  record TimeoutNow(PeerId from, Term term) implements PeerMessage {}

  /**
   * A follower has reads to answer, and asks its leader how far it must have come (thesis §6.4).
   *
   * @param number counts a follower's questions; the answer carries it back
   */
  record AskReadIndex(PeerId from, Term term, long number) implements PeerMessage {}

  /**
   * Whoever has applied everything through {@code index} holds all that was acknowledged before the
   * question {@code number} was asked.
   */
  record ReadIndexAnswer(PeerId from, Term term, long number, LogIndex index)
      implements PeerMessage {}

  /**
   * Copies entries to a follower, or only keeps it quiet when there are none (§5.3).
   *
   * @param previous the position just before {@code entries}; the follower must hold it already
   * @param committed how far the leader has committed
   * @param round counts what the leader has begun anew; its answer carries it back
   */
  record AppendEntries(
      PeerId from, Term term, LogPosition previous, Batch entries, LogIndex committed, long round)
      implements PeerMessage {
    public AppendEntries {
      var newest = previous.term();
      for (var entry : entries) {
        if (newest.isNewerThan(entry.term()) || entry.term().isNewerThan(term)) {
          throw new IllegalArgumentException(
              "An entry of term " + entry.term() + " after one of " + newest + ", sent in " + term);
        }
        newest = entry.term();
        if (entry.kind() == Entry.Kind.CONFIGURATION) {
          ConfigurationFormat.decode(entry.payload()); // It throws before anything is changed.
        }
      }
    }

    /** How far the reader's log equals the leader's once it has taken this message in. */
    public LogIndex proves() {
      return previous.index().plus(entries.size());
    }
  }

  /**
   * The leader has nothing to say until somebody wants something: a reader that has the whole log,
   * all of it committed, need not listen for it meanwhile. Whoever has not, says {@link Rouse}.
   *
   * @param last where the leader's log ends, all of which is committed
   * @param round of the leader's; its answer carries it back
   */
  record GoQuiet(PeerId from, Term term, LogPosition last, long round) implements PeerMessage {}

  /** The sender has all that the leader has, and listens for the leader's node only. */
  record GoneQuiet(PeerId from, Term term, long round, Incarnation incarnation) implements Answer {}

  /**
   * The sender hears no leader, or has somebody who waits for one: whoever is quiet shall be so no
   * more. It promises nothing and asks for nothing, so any copy of it, however late, does no harm.
   */
  record Rouse(PeerId from, Term term) implements PeerMessage {}

  /** Brings a piece of a snapshot to a follower whose next entry the leader no longer has (§7). */
  record InstallSnapshot(PeerId from, Term term, SnapshotChunk chunk) implements PeerMessage {}

  /** Answers an {@link InstallSnapshot}: how far the sender is with it. */
  record InstallSnapshotReply(
      PeerId from, Term term, SnapshotAnswer answer, Incarnation incarnation) implements Answer {}

  /**
   * Promises that the sender's log equals the leader's through {@code matched}, on disk.
   *
   * @param matched exactly what one {@link AppendEntries} proved, never the sender's own last index
   * @param round of the message that it answers
   */
  record AppendAccepted(
      PeerId from, Term term, LogIndex matched, long round, Incarnation incarnation)
      implements Answer {}

  /**
   * Says that the sender does not hold {@code previous}, and where to look next.
   *
   * @param previous the index that the leader had asked for
   * @param hint the last position of the sender's log that could match; older than what is refused
   * @param round of the message that it answers
   */
  record AppendRejected(
      PeerId from,
      Term term,
      LogIndex previous,
      LogPosition hint,
      long round,
      Incarnation incarnation)
      implements Answer {}
}
