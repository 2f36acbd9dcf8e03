package io.pekkoraft;

import io.pekkoraft.RaftStatus.FollowerStatus;
import io.pekkoraft.model.LogPosition;
import io.pekkoraft.model.PeerId;
import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/** One thing that an {@link Explanation} says of a peer, in parts for a program and in words. */
public sealed interface Finding {
  /** For people, after the peer's name: {@code knows no leader for 1200 ms}. */
  String inWords();

  /** Whether it keeps the peer from doing its work; the others only tell why it does it slowly. */
  boolean isObstacle();

  // Of any peer.

  /** Nobody wants anything of its group, so it says nothing until somebody does. */
  record Quiet() implements Finding {
    @Override
    public String inWords() {
      return "is quiet, for its group has nothing to do";
    }

    @Override
    public boolean isObstacle() {
      return false;
    }
  }

  /** It does not run here: it was stopped, or has failed and may come back. */
  record Down(Optional<String> reason) implements Finding {
    @Override
    public String inWords() {
      return reason.map(why -> "is down: " + why).orElse("is down, or does not run here");
    }

    @Override
    public boolean isObstacle() {
      return true;
    }
  }

  /** It runs, but has not said in time how it is. */
  record Unresponsive(Duration waited) implements Finding {
    @Override
    public String inWords() {
      return "has not answered within " + millis(waited);
    }

    @Override
    public boolean isObstacle() {
      return true;
    }
  }

  /** It reads its journal, and its snapshot if it has one. */
  record Recovering(Duration since) implements Finding {
    @Override
    public String inWords() {
      return "has been reading its journal for " + millis(since);
    }

    @Override
    public boolean isObstacle() {
      return true;
    }
  }

  /** It was removed from the group, or is still to be added. */
  record NotAMember() implements Finding {
    @Override
    public String inWords() {
      return "does not belong to the group (any more), or has not been added to it yet";
    }

    @Override
    public boolean isObstacle() {
      return true;
    }
  }

  /**
   * The group has met it with another disk; it takes no part until it was removed and added anew.
   */
  record Disowned() implements Finding {
    @Override
    public String inWords() {
      return "came back without its journal, and neither votes nor leads until it was removed and"
          + " added anew";
    }

    @Override
    public boolean isObstacle() {
      return true;
    }
  }

  /** A write has been under way for so long ({@code pekko-raft.leadership.disk-timeout}). */
  record DiskHangs(Duration since) implements Finding {
    @Override
    public String inWords() {
      return "has been waiting for its disk for " + millis(since);
    }

    @Override
    public boolean isObstacle() {
      return true;
    }
  }

  /** It is about to be stopped, and takes no office. */
  record SteppedAside() implements Finding {
    @Override
    public String inWords() {
      return "is about to be stopped";
    }

    @Override
    public boolean isObstacle() {
      return false;
    }
  }

  /**
   * It knows that more is committed than its state machine has been given.
   *
   * @param entries how many are still to be applied
   */
  record Applying(long entries) implements Finding {
    @Override
    public String inWords() {
      return "has " + entries + " committed entries still to apply";
    }

    @Override
    public boolean isObstacle() {
      return false;
    }
  }

  // Of one that does not lead.

  /** It has heard no leader for so long. */
  record NoLeader(Duration since) implements Finding {
    @Override
    public String inWords() {
      return "has known no leader for " + millis(since);
    }

    @Override
    public boolean isObstacle() {
      return true;
    }
  }

  /**
   * It wants to lead, and has no majority for it.
   *
   * @param missing the voters that have not granted it
   */
  record NoVotes(SortedSet<PeerId> missing) implements Finding {
    public NoVotes {
      missing = PeerId.sorted(missing);
    }

    @Override
    public String inWords() {
      return "wants to lead, but has no vote from " + missing;
    }

    @Override
    public boolean isObstacle() {
      return true;
    }
  }

  /** Its leader has discarded what it needs, and sends it a snapshot instead (§7). */
  record ReceivingSnapshot(LogPosition position) implements Finding {
    @Override
    public String inWords() {
      return "is waiting for its leader's snapshot at " + position;
    }

    @Override
    public boolean isObstacle() {
      return true;
    }
  }

  // Of a leader.

  /**
   * Too few answer it to commit anything.
   *
   * @param silent the voters that do not, and for how long
   */
  record NoQuorum(SortedMap<PeerId, Duration> silent) implements Finding {
    public NoQuorum {
      silent = Collections.unmodifiableSortedMap(new TreeMap<>(silent));
    }

    @Override
    public String inWords() {
      var each = new StringBuilder();
      silent.forEach(
          (peer, since) -> each.append(", ").append(peer).append(" for ").append(millis(since)));
      return "has no majority: there is no answer from " + each.substring(2);
    }

    @Override
    public boolean isObstacle() {
      return true;
    }
  }

  /** It has committed nothing of its own term yet, so that it does not know what else is (§8). */
  record NothingCommitted() implements Finding {
    @Override
    public String inWords() {
      return "has just been elected and has committed nothing yet";
    }

    @Override
    public boolean isObstacle() {
      return true;
    }
  }

  /** It refuses commands, for too many are pending ({@code pekko-raft.proposals}). */
  record Full(long pending) implements Finding {
    @Override
    public String inWords() {
      return "refuses commands, for " + pending + " are pending";
    }

    @Override
    public boolean isObstacle() {
      return true;
    }
  }

  /** It takes no commands, for it is handing its office over. */
  record Leaving(PeerId to) implements Finding {
    @Override
    public String inWords() {
      return "is handing its office over to " + to;
    }

    @Override
    public boolean isObstacle() {
      return true;
    }
  }

  /** A change of the group is under way (§6): both majorities are needed. */
  record Changing(SortedSet<PeerId> from, SortedSet<PeerId> to) implements Finding {
    public Changing {
      from = PeerId.sorted(from);
      to = PeerId.sorted(to);
    }

    @Override
    public String inWords() {
      return "is changing the voters from " + from + " to " + to;
    }

    @Override
    public boolean isObstacle() {
      return false;
    }
  }

  /** A follower has not answered it for so long; it has a majority without that one. */
  record Silent(PeerId follower, Duration since) implements Finding {
    @Override
    public String inWords() {
      return "has had no answer from " + follower + " for " + millis(since);
    }

    @Override
    public boolean isObstacle() {
      return false;
    }
  }

  /** A follower is so many entries behind ({@code pekko-raft.insight.lag}). */
  record Lagging(PeerId follower, long entries, FollowerStatus.State state) implements Finding {
    @Override
    public String inWords() {
      return "has a follower, "
          + follower
          + ", that is "
          + entries
          + " entries behind ("
          + state
          + ")";
    }

    @Override
    public boolean isObstacle() {
      return false;
    }
  }

  /** A follower needs what is discarded, and is being sent a snapshot (§7). */
  record SendingSnapshot(PeerId follower, long entries) implements Finding {
    @Override
    public String inWords() {
      return "is sending a snapshot to " + follower + ", which is " + entries + " entries behind";
    }

    @Override
    public boolean isObstacle() {
      return false;
    }
  }

  private static String millis(Duration duration) {
    return duration.toMillis() + " ms";
  }
}
