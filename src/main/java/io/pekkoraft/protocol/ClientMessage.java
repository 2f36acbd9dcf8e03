package io.pekkoraft.protocol;

import io.pekkoraft.Answered;
import io.pekkoraft.Explanation;
import io.pekkoraft.Inspection;
import io.pekkoraft.RaftException;
import io.pekkoraft.RaftStatus;
import io.pekkoraft.ReadConsistency;
import io.pekkoraft.membership.Change;
import io.pekkoraft.membership.VersionedConfiguration;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.LogPosition;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.session.SerialNumber;
import io.pekkoraft.session.SessionId;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;

/**
 * What a client asks of a peer. Each of these gets one reply, unless the peer stops before it comes
 * to it; an error is a {@link RaftException}, which says whether anything happened.
 */
public sealed interface ClientMessage extends RaftMessage {
  /**
   * A request that only the leader can serve; all others answer {@link RaftException.NotLeader}.
   */
  sealed interface Request<R> extends ClientMessage {
    ActorRef<StatusReply<R>> replyTo();
  }

  /**
   * Replicates a command and answers with what the state machine made of it (§8).
   *
   * @param <C> the state machine's command
   * @param <R> its result
   */
  record Propose<C, R>(C command, ActorRef<StatusReply<R>> replyTo) implements Request<R> {
    public Propose {
      Objects.requireNonNull(command, "A command is never null.");
      Objects.requireNonNull(replyTo, "Somebody has to hear the reply.");
    }
  }

  /**
   * Answers a query from the state. A peer that can't do so as the consistency wants it answers
   * {@link RaftException.NotLeader}.
   *
   * @param <A> the answer
   */
  sealed interface Query<A> extends Request<A> {
    /** A command whose handler only replies and leaves the state as it was. */
    Object query();

    /** What the answer may miss. */
    ReadConsistency consistency();

    /**
     * The answer, made of what the state machine said.
     *
     * @param index everything through it was applied
     */
    Object answer(Object result, LogIndex index);
  }

  /**
   * A query that is answered by its result alone.
   *
   * @param query a command whose handler only replies and leaves the state as it was
   * @param consistency what the answer may miss
   */
  record Read<C, R>(C query, ReadConsistency consistency, ActorRef<StatusReply<R>> replyTo)
      implements Query<R> {
    public Read {
      Objects.requireNonNull(query, "A query is never null.");
      Objects.requireNonNull(consistency, "ReadConsistency.linearizable() is a good choice.");
      Objects.requireNonNull(replyTo, "Somebody has to hear the reply.");
    }

    /** A linearizable read. */
    public Read(C query, ActorRef<StatusReply<R>> replyTo) {
      this(query, ReadConsistency.linearizable(), replyTo);
    }

    @Override
    public Object answer(Object result, LogIndex index) {
      return result;
    }
  }

  /** The same, whose answer tells where in the log it was found, too: for reads that go forward. */
  record ReadAnswered<C, R>(
      C query, ReadConsistency consistency, ActorRef<StatusReply<Answered<R>>> replyTo)
      implements Query<Answered<R>> {
    public ReadAnswered {
      Objects.requireNonNull(query, "A query is never null.");
      Objects.requireNonNull(consistency, "ReadConsistency.linearizable() is a good choice.");
      Objects.requireNonNull(replyTo, "Somebody has to hear the reply.");
    }

    @Override
    public Object answer(Object result, LogIndex index) {
      return new Answered<>(result, index);
    }
  }

  /** About a client's session (thesis §6.3). */
  sealed interface SessionRequest<R> extends Request<R> {}

  /**
   * Opens a session, and answers with its name. Asked twice, it opens two; the one that nobody uses
   * expires.
   */
  record OpenSession(ActorRef<StatusReply<SessionId>> replyTo)
      implements SessionRequest<SessionId> {
    public OpenSession {
      Objects.requireNonNull(replyTo, "Somebody has to hear the reply.");
    }
  }

  /**
   * Replicates a command that takes effect at most once, however often it is sent under its number,
   * and answers alike each time. {@link RaftException.SessionExpired} says that this very message
   * did nothing; {@link RaftException.Overloaded} also that the session has too many without an
   * answer.
   *
   * @param number the same for each copy but for its {@code lowestUnanswered}
   */
  record ProposeOnce<C, R>(
      SerialNumber number, C command, ActorRef<StatusReply<Answered<R>>> replyTo)
      implements SessionRequest<Answered<R>> {
    public ProposeOnce {
      Objects.requireNonNull(number, "Without a number nobody could tell a copy.");
      Objects.requireNonNull(command, "A command is never null.");
      Objects.requireNonNull(replyTo, "Somebody has to hear the reply.");
    }
  }

  /**
   * Keeps a session that has nothing to propose from expiring; {@link RaftException.SessionExpired}
   * says that it has.
   *
   * @param lowestUnanswered the replies below it may be forgotten
   */
  record KeepAlive(
      SessionId session, long lowestUnanswered, ActorRef<StatusReply<SessionId>> replyTo)
      implements SessionRequest<SessionId> {
    public KeepAlive {
      Objects.requireNonNull(session, "Somebody's session is kept alive.");
      SerialNumber.requireNumber(lowestUnanswered);
      Objects.requireNonNull(replyTo, "Somebody has to hear the reply.");
    }
  }

  /** Ends a session; one that is not open, too. */
  record CloseSession(SessionId session, ActorRef<StatusReply<SessionId>> replyTo)
      implements SessionRequest<SessionId> {
    public CloseSession {
      Objects.requireNonNull(session, "Somebody's session is closed.");
      Objects.requireNonNull(replyTo, "Somebody has to hear the reply.");
    }
  }

  /**
   * Asks the leader to hand its office over (thesis §3.10), before its machine goes down for
   * instance. It takes no commands meanwhile; if that takes longer than an election time-out, it
   * goes on as before and says so.
   *
   * @param to the successor; empty for the follower that has most of the log
   * @param replyTo hears who was told to take over, when the leader has left
   */
  record TransferLeadership(Optional<PeerId> to, ActorRef<StatusReply<PeerId>> replyTo)
      implements Request<PeerId> {
    public TransferLeadership {
      Objects.requireNonNull(to, "Optional.empty() for the best follower.");
      Objects.requireNonNull(replyTo, "Somebody has to hear the reply.");
    }
  }

  /**
   * Tells a peer that it is to be stopped. One that leads hands its office over first; for {@code
   * pekko-raft.leadership.handover-timeout} it takes no other. A peer that goes on all the same is
   * as before then.
   *
   * @param leaving the peers that are to be stopped with it, which are no successors
   * @param replyTo hears when it no longer leads, or could find no successor in time
   */
  record StepAside(SortedSet<PeerId> leaving, ActorRef<Done> replyTo) implements ClientMessage {
    public StepAside {
      leaving = PeerId.sorted(leaving);
      Objects.requireNonNull(replyTo, "Somebody has to hear the reply.");
    }
  }

  /**
   * Lets any peer take a snapshot of its own state now, and discard the log that it includes (§7).
   *
   * @param replyTo hears what it includes, when it is on disk
   */
  record TakeSnapshot(ActorRef<StatusReply<LogPosition>> replyTo) implements Request<LogPosition> {
    public TakeSnapshot {
      Objects.requireNonNull(replyTo, "Somebody has to hear the reply.");
    }
  }

  /**
   * Asks the leader to change who belongs to the group (§6). Those who shall vote have to catch up
   * with the log first; {@link RaftException.ChangeRefused} says why all is as it was. While one
   * change is under way, another is refused.
   *
   * @param replyTo hears of the new configuration when all of the change is committed; {@link
   *     RaftException.OutcomeUnknown} if the leader goes before that: the next one completes what
   *     was begun
   */
  record ChangeMembership(Change change, ActorRef<StatusReply<VersionedConfiguration>> replyTo)
      implements Request<VersionedConfiguration> {
    public ChangeMembership {
      Objects.requireNonNull(change, "Somebody has to be added or removed.");
      Objects.requireNonNull(replyTo, "Somebody has to hear the reply.");
    }
  }

  /** Asks the leader which configuration it uses, committed or not; a change starts from it. */
  record GetMembers(ActorRef<StatusReply<VersionedConfiguration>> replyTo)
      implements Request<VersionedConfiguration> {
    public GetMembers {
      Objects.requireNonNull(replyTo, "Somebody has to hear the reply.");
    }
  }

  /** Asks any peer why it makes no progress, or makes it slowly. */
  record Explain(ActorRef<Explanation> replyTo) implements ClientMessage {
    public Explain {
      Objects.requireNonNull(replyTo, "Somebody has to hear the reply.");
    }
  }

  /**
   * Asks any peer how it is, and for the end of its log. Within an actor system: it is not for the
   * wire.
   *
   * @param entries how many of the last ones at most; no more than {@link Inspection#MOST_ENTRIES}
   */
  record Inspect(int entries, ActorRef<Inspection> replyTo) implements ClientMessage {
    public Inspect {
      if (entries < 0 || entries > Inspection.MOST_ENTRIES) {
        throw new IllegalArgumentException(
            "A peer tells of 0 to " + Inspection.MOST_ENTRIES + " entries, not " + entries + ".");
      }
      Objects.requireNonNull(replyTo, "Somebody has to hear the reply.");
    }
  }

  /** Asks any peer how it is. */
  record GetStatus(ActorRef<RaftStatus> replyTo) implements ClientMessage {
    public GetStatus {
      Objects.requireNonNull(replyTo, "Somebody has to hear the reply.");
    }
  }
}
