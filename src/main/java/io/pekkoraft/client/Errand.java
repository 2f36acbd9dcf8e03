package io.pekkoraft.client;

import io.pekkoraft.RaftException;
import io.pekkoraft.RaftException.CommandRefused;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.protocol.ClientMessage.Request;
import java.util.Optional;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;

/**
 * What a client wants of a peer, and how it stands with it: what was sent, and what of that may
 * still take effect. Times are in nanoseconds of one clock.
 *
 * @param <A> the answer
 */
final class Errand<A> {
  private final Function<ActorRef<StatusReply<A>>, Request<A>> request;
  private final boolean forLeader;
  private final long deadline;
  private final Ending<A> ending;
  private Optional<PeerId> asked = Optional.empty();
  private Optional<RaftException> refusal = Optional.empty();
  private int attempts;
  private int unresolved;
  private int refusals;
  private long due;

  /** What is done when it is over. */
  interface Ending<A> {
    void succeeded(A answer);

    /** For good: to ask again is of no use. */
    void failed(Throwable failure);

    /**
     * The session was gone.
     *
     * @param untouched whether no copy can have taken effect, nor ever will
     */
    void expired(boolean untouched);

    /**
     * The time is over.
     *
     * @param untouched as above
     * @param refusal what a peer said last
     */
    void late(boolean untouched, Optional<RaftException> refusal);
  }

  /**
   * @param request makes the message, anew for each time that it is sent
   * @param forLeader whether only the leader can serve it
   */
  Errand(
      Function<ActorRef<StatusReply<A>>, Request<A>> request,
      boolean forLeader,
      long now,
      long deadline,
      Ending<A> ending) {
    this.request = request;
    this.forLeader = forLeader;
    this.due = now;
    this.deadline = deadline;
    this.ending = ending;
  }

  Function<ActorRef<StatusReply<A>>, Request<A>> request() {
    return request;
  }

  boolean isForLeader() {
    return forLeader;
  }

  boolean isDue(long now) {
    return now - due >= 0;
  }

  boolean isLate(long now) {
    return now - deadline >= 0;
  }

  /** Whom it waits for, if it was sent and not answered. */
  Optional<PeerId> asked() {
    return asked;
  }

  /** The number of the message that is sent next. */
  int nextAttempt() {
    return attempts + 1;
  }

  /** Sent, and to be sent again at {@code again} if nothing comes. */
  void sent(PeerId to, long again) {
    asked = Optional.of(to);
    attempts++;
    unresolved++;
    due = again;
  }

  /** There is nobody to send it to, until {@code again} perhaps. */
  void notSent(long again) {
    asked = Optional.empty();
    due = again;
  }

  /** That copy did nothing, and won't; the next is sent at {@code again}. */
  void refused(int attempt, RaftException reason, long again) {
    unresolved--;
    refusals++;
    refusal = Optional.of(reason);
    askAgain(attempt, again);
  }

  /** What a peer said last of why not. */
  Optional<RaftException> refusal() {
    return refusal;
  }

  /** How often it was refused. */
  int refusals() {
    return refusals;
  }

  /** That copy may take effect yet, and nobody will say so. */
  void lost(int attempt, long again) {
    askAgain(attempt, again);
  }

  /** Unless another copy is under way already. */
  private void askAgain(int attempt, long again) {
    if (attempt == attempts) {
      asked = Optional.empty();
      due = again;
    }
  }

  void succeeded(A answer) {
    ending.succeeded(answer);
  }

  /** A refusal for good speaks of one copy only; what the state machine says holds for all. */
  void failed(Throwable failure) {
    if (failure instanceof CommandRefused && unresolved > 1) {
      ending.late(false, refusal);
    } else {
      ending.failed(failure);
    }
  }

  /** That copy did nothing, for the session was gone. */
  void expired() {
    unresolved--;
    ending.expired(unresolved == 0);
  }

  void late() {
    ending.late(unresolved == 0, refusal);
  }
}
