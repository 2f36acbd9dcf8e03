package io.pekkoraft;

import io.pekkoraft.membership.VersionedConfiguration;
import io.pekkoraft.model.LogPosition;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedSet;

/**
 * What a peer tells to whom it may concern, on the actor system's {@code EventStream}: {@code
 * system.eventStream().tell(new EventStream.Subscribe<>(RaftEvent.class, subscriber))}.
 */
public sealed interface RaftEvent {
  String group();

  PeerId peer();

  /** What happened, for people, after the peer's name: {@code leads in term 3}. */
  String inWords();

  /** Whether somebody who runs the group may want to look after it. */
  default boolean isTrouble() {
    return false;
  }

  // Who leads.

  /** The peer plays another part, or the same in a newer term, or has learned who leads. */
  record RoleChanged(
      String group, PeerId peer, RaftStatus.Role role, Term term, Optional<PeerId> leader)
      implements RaftEvent {
    @Override
    public String inWords() {
      return "is %s in term %s, leader %s"
          .formatted(role, term, leader.map(PeerId::value).orElse("unknown"));
    }
  }

  /**
   * The peer, which led, gives up its office, for no majority has answered it (thesis §6.2).
   *
   * @param silent the voters that did not answer
   * @param since how long ago a majority was known to follow
   */
  record QuorumLost(String group, PeerId peer, Term term, SortedSet<PeerId> silent, Duration since)
      implements RaftEvent {
    public QuorumLost {
      silent = PeerId.sorted(silent);
    }

    @Override
    public String inWords() {
      return "gives up its office in term %s: no majority has answered for %d ms, not %s"
          .formatted(term, since.toMillis(), silent);
    }

    @Override
    public boolean isTrouble() {
      return true;
    }
  }

  /**
   * The peer had lost its majority as a leader, and now it knows a leader again.
   *
   * @param after how long it was without
   */
  record QuorumRegained(String group, PeerId peer, Term term, PeerId leader, Duration after)
      implements RaftEvent {
    @Override
    public String inWords() {
      return "knows a leader again after %d ms: %s in term %s"
          .formatted(after.toMillis(), leader, term);
    }
  }

  /** The peer, which leads, begins to hand its office over (thesis §3.10). */
  record TransferBegan(String group, PeerId peer, Term term, PeerId to, Cause cause)
      implements RaftEvent {
    /** Who wants it. */
    public enum Cause {
      /** Somebody asked for it. */
      ASKED,
      /** The peer is to be stopped. */
      STOPPING,
      /** The other one should rather lead ({@code pekko-raft.leadership}). */
      HAND_BACK,
      /** The peer's own disk hangs. */
      DISK_HANGS
    }

    @Override
    public String inWords() {
      return "hands its office over to %s (%s)".formatted(to, cause);
    }
  }

  /** What the handover came to. */
  record TransferEnded(String group, PeerId peer, Term term, PeerId to, Outcome outcome)
      implements RaftEvent {
    /** How it ended. */
    public enum Outcome {
      /** The successor was told to stand for election, and the peer leads no more. */
      LEFT,
      /** It took too long; the peer goes on to lead. */
      GIVEN_UP,
      /** Another one was elected before the successor could be told. */
      DEPOSED
    }

    @Override
    public String inWords() {
      return "ends the handover to %s: %s".formatted(to, outcome);
    }

    @Override
    public boolean isTrouble() {
      return outcome != Outcome.LEFT;
    }
  }

  // Who belongs to the group.

  /**
   * The peer uses another configuration (§6), or knows that the one it uses is committed.
   *
   * @param committed false if it may still be rolled back. A peer that is not in a committed
   *     configuration no longer belongs to the group
   */
  record ConfigurationChanged(
      String group, PeerId peer, VersionedConfiguration configuration, boolean committed)
      implements RaftEvent {
    @Override
    public String inWords() {
      return "%s version %s: %s"
          .formatted(
              committed ? "knows as committed" : "uses",
              configuration.version(),
              configuration.configuration().inWords());
    }
  }

  /**
   * The peer has lost its disk: {@code by} has met it under another incarnation. It neither votes
   * nor leads until it was removed and added anew.
   */
  record Disowned(String group, PeerId peer, PeerId by) implements RaftEvent {
    @Override
    public String inWords() {
      return ("has lost its disk, for %s has met it under another incarnation; it votes for nobody"
              + " and leads nobody until it is removed from the group and added anew")
          .formatted(by);
    }

    @Override
    public boolean isTrouble() {
      return true;
    }
  }

  // Snapshots.

  /**
   * The peer has a snapshot of its own on disk, and its log needs less room (§7).
   *
   * @param length in bytes
   */
  record SnapshotTaken(String group, PeerId peer, LogPosition position, long length)
      implements RaftEvent {
    @Override
    public String inWords() {
      return "has a snapshot of its own at %s, %d bytes".formatted(position, length);
    }
  }

  /**
   * A leader's snapshot is on its way to the peer; told each tenth of it.
   *
   * @param length in bytes
   * @param percent of it that the peer has on disk
   */
  record SnapshotReceived(String group, PeerId peer, LogPosition position, long length, int percent)
      implements RaftEvent {
    @Override
    public String inWords() {
      return "has %d %% of the snapshot at %s, %d bytes".formatted(percent, position, length);
    }
  }

  /** A snapshot has taken the place of the peer's state: at a start, or a leader's own (§7). */
  record SnapshotInstalled(String group, PeerId peer, LogPosition position, long length)
      implements RaftEvent {
    @Override
    public String inWords() {
      return "begins anew from the snapshot at %s, %d bytes".formatted(position, length);
    }
  }

  /** The peer could not write or receive a snapshot; it tries again later. */
  record SnapshotFailed(String group, PeerId peer, LogPosition position, String reason)
      implements RaftEvent {
    @Override
    public String inWords() {
      return "could not have the snapshot at %s: %s".formatted(position, reason);
    }

    @Override
    public boolean isTrouble() {
      return true;
    }
  }

  // What is in its way.

  /**
   * A write of the peer's has been under way for longer than {@code
   * pekko-raft.leadership.disk-timeout}. It does not stand for election until it is done, and if it
   * leads, it leaves.
   */
  record DiskHangs(String group, PeerId peer, Duration since) implements RaftEvent {
    @Override
    public String inWords() {
      return "waits for its disk since %d ms".formatted(since.toMillis());
    }

    @Override
    public boolean isTrouble() {
      return true;
    }
  }

  /** The write that hung is done. */
  record DiskBack(String group, PeerId peer, Duration after) implements RaftEvent {
    @Override
    public String inWords() {
      return "waits for its disk no more, after %d ms".formatted(after.toMillis());
    }
  }

  /**
   * The peer, which leads, has refused commands. Of each reason there is one such event in {@code
   * pekko-raft.insight.refusals-interval}: the first refusal at once, those after it with the next.
   *
   * @param count how many since the last such event
   */
  record ProposalsRefused(String group, PeerId peer, Reason reason, long count)
      implements RaftEvent {
    /** What was in the way. */
    public enum Reason {
      /** The peer is handing its office over. */
      LEAVING,
      /** Too much is pending, or waits for the disk. */
      OVERLOADED,
      /** More bytes than {@code pekko-raft.proposals.max-command-size}. */
      TOO_LARGE,
      /** No serializer takes it. */
      NOT_SERIALIZABLE
    }

    @Override
    public String inWords() {
      return "has refused %d commands (%s)".formatted(count, reason);
    }

    @Override
    public boolean isTrouble() {
      return true;
    }
  }

  /**
   * A peer of a {@link RaftGroup} has failed.
   *
   * @param reason what it said
   * @param backIn when it is spawned anew; empty if it stays down
   */
  record PeerFailed(String group, PeerId peer, String reason, Optional<Duration> backIn)
      implements RaftEvent {
    @Override
    public String inWords() {
      return backIn
          .map(wait -> "failed, and is back in %d ms: %s".formatted(wait.toMillis(), reason))
          .orElse("failed, and stays down: " + reason);
    }

    @Override
    public boolean isTrouble() {
      return true;
    }
  }
}
